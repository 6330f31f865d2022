import DockerAPI
import RoadsteadBasics
import Testing

@testable import RoadsteadCompose

/// Volumes that are made anew on request: they lose what is in them, so that the plan says it and refuses what it may not do.
@Suite struct VolumeRecreationTests {
    private static let nfs = ["type": "nfs", "o": "password=geheim"]

    private func desired(_ options: [String: String]? = nfs, _ change: (inout DesiredStack) -> Void = { _ in })
        -> DesiredStack
    {
        var desired = PlanFixture.desired { spec in
            spec.taskTemplate.containerSpec?.mounts?[0].volumeOptions?.driverConfig = VolumeDriver(
                name: "local", options: options)
        }
        change(&desired)
        return desired
    }

    private func copy(
        _ node: String, _ options: [String: String]? = nil, labels: [String: String]? = PlanFixture.labels,
        strangers: [String] = [], _ change: (inout Volume) -> Void = { _ in }
    ) -> VolumeSurvey.Copy {
        var volume = Volume(name: "shop_data")
        (volume.driver, volume.options, volume.labels, volume.scope) = ("local", options, labels, "local")
        change(&volume)
        return VolumeSurvey.Copy(node: "id-" + node, nodeName: node, volume: volume, strangers: strangers)
    }

    private func live(_ survey: VolumeSurvey) -> LiveStack {
        var live = PlanFixture.live()
        live.survey = survey
        return live
    }

    private func refusal(
        _ survey: VolumeSurvey, _ names: Set<String> = ["data"], prune: PruneScope = .everything,
        desired: DesiredStack? = nil, _ change: (inout LiveStack) -> Void = { _ in }
    ) throws -> RoadsteadError {
        var live = live(survey)
        change(&live)
        return try #require(
            throws: RoadsteadError.self,
            performing: {
                _ = try StackPlan.make(
                    desired: desired ?? self.desired(), live: live, prune: prune, recreate: names)
            })
    }

    @Test("it is made anew on the nodes where it is otherwise, with the services that mount it, and the loss is told")
    func madeAnew() throws {
        for name in ["data", "shop_data", "volume:data", "volume:shop_data"] {
            let survey = VolumeSurvey(copies: [copy("h1"), copy("h2", Self.nfs), copy("h3", ["type": "tmpfs"])])
            let plan = try StackPlan.make(desired: desired(), live: live(survey), recreate: [name])
            #expect(
                plan.steps.filter(\.isChange).map { "\($0.action.name) \($0.kind) \($0.name)" } == [
                    "recreate volume shop_data", "recreate service shop_web",
                ])
            #expect(plan.steps(.volume).first?.payload.exposed == .volume(nodes: ["id-h1", "id-h3"]))
            #expect(plan.steps(.volume).first?.note == "its contents are lost, on nodes h1, h3")
            #expect(plan.steps(.service).first?.note == "it mounts volume shop_data")
            #expect(plan.warnings == [])
            let lines = plan.lines().joined(separator: "\n")
            #expect(lines.contains("driver_opts.type: (hidden) -> (hidden, changed)") && !lines.contains("geheim"))
        }
    }

    @Test("the plan's id covers which volume is lost, and on which nodes")
    func identifier() throws {
        let ids = try [[copy("h1")], [copy("h1"), copy("h2")], []].map {
            try StackPlan.make(desired: desired(), live: live(VolumeSurvey(copies: $0)), recreate: ["data"])
                .identifier()
        }
        #expect(Set(ids).count == 3)
    }

    @Test("one that is as it should be everywhere loses nothing, however often it is asked for")
    func asItShouldBe() throws {
        let plugin = desired {
            $0.services[0].spec.taskTemplate.containerSpec?.mounts?[0].volumeOptions?.driverConfig?.name = "acme/nfs"
        }
        let tagged = copy("h1", Self.nfs) { $0.driver = "acme/nfs:latest" }
        // An engine that did not make a volume of the whole Swarm knows neither its options nor its labels.
        let elsewhere = copy("h2", labels: nil) { ($0.driver, $0.scope) = ("acme/nfs:latest", "global") }
        for (desired, copies) in [(desired(), []), (desired(), [copy("h1", Self.nfs)]), (plugin, [tagged, elsewhere])] {
            let plan = try StackPlan.make(
                desired: desired, live: live(VolumeSurvey(copies: copies)), recreate: ["data"])
            #expect(plan.steps(.volume) == [] && plan.warnings == [])
            #expect(plan.steps(.service).map(\.action.name) == ["update"])
        }
    }

    @Test("without the request it stays, and the plan tells what the request would be")
    func told() throws {
        let plan = try StackPlan.make(desired: desired(), live: PlanFixture.live())
        #expect(plan.steps(.volume) == [])
        #expect(plan.warnings.count == 1 && plan.warnings[0].contains("(--recreate shop_data)"))
    }

    @Test("a name that a service has as well means the service: the volume wants its mark")
    func ambiguous() throws {
        let desired = desired { $0.services[0].spec.name = "shop_data" }
        var live = live(VolumeSurvey(copies: [copy("h1")]))
        live.services[0].spec.name = "shop_data"
        let plain = try StackPlan.make(desired: desired, live: live, recreate: ["data"])
        #expect(plain.steps(.volume) == [])
        #expect(plain.warnings.contains { $0.contains("(--recreate volume:shop_data)") }, "\(plain.warnings)")
        let marked = try StackPlan.make(desired: desired, live: live, recreate: ["volume:data"])
        #expect(marked.steps(.volume).map(\.action.name) == ["recreate"])
    }

    // MARK: - Refusals

    @Test("one that is not the stack's is refused, whoever it belongs to")
    func strange() throws {
        let other = [DesiredStack.namespaceLabel: "other"]
        for (labels, words) in [(nil, "it has no stack's label"), (other, "it is of stack other")] {
            let refused = try refusal(VolumeSurvey(copies: [copy("h1", labels: labels)]))
            #expect(refused.code == .conflict && refused.message.contains("volume shop_data on node h1"))
            #expect(refused.message.contains(words), "\(refused.message)")
        }
        let external = desired { stack in
            stack.services[0].spec.taskTemplate.containerSpec?.mounts?[0].volumeOptions = VolumeOptions()
        }
        for name in ["shop_data", "volume:shop_data"] {
            let refused = try refusal(VolumeSurvey(), [name], desired: external)
            #expect(refused.code == .invalidState)
            #expect(refused.message.hasPrefix("volume shop_data is declared as external"), "\(refused.message)")
        }
    }

    @Test("one that containers or services of others use is refused with their names")
    func used() throws {
        let refused = try refusal(
            VolumeSurvey(
                copies: [copy("h1", strangers: ["backup"])], strangers: ["shop_data": ["mirror_rsync"]]))
        #expect(refused.code == .conflict)
        #expect(
            refused.message.contains("service mirror_rsync, container backup on node h1, not of stack shop, use it"),
            "\(refused.message)")
    }

    @Test("a service that left the file and stays would hold it, and is named")
    func leftover() throws {
        func leave(_ live: inout LiveStack) {
            var old = live.services[0]
            (old.id, old.spec.name) = ("o1", "shop_old")
            live.services.append(old)
        }
        let refused = try refusal(VolumeSurvey(copies: [copy("h1")]), prune: .none, leave)
        #expect(refused.code == .invalidState && refused.message.contains("service shop_old"))
        #expect(refused.message.contains("--prune"))
        var live = live(VolumeSurvey(copies: [copy("h1")]))
        leave(&live)
        let plan = try StackPlan.make(desired: desired(), live: live, prune: .services, recreate: ["data"])
        #expect(plan.steps.contains { $0.name == "shop_old" && $0.action == .remove })
    }

    @Test(
        "a node out of reach that has it is refused with its name; one that may have it, when nothing tells; else it is told"
    )
    func outOfReach() throws {
        let reason = "node h2 cannot be reached: connection refused"
        let (has, quiet) = (
            VolumeSurvey.Silence(nodeName: "h2", reason: reason, mounted: ["shop_data"]),
            VolumeSurvey.Silence(nodeName: "h2", reason: reason)
        )
        let refused = try refusal(VolumeSurvey(copies: [copy("h1")], silent: [has]))
        #expect(refused.code == .invalidState && refused.context["node"] == "h2")
        #expect(refused.message.contains("node h2 has it, and \(reason)"), "\(refused.message)")
        #expect(refused.message.contains("docker node rm h2"))
        // As after a crash: the services that would tell are gone.
        let unknown = try refusal(VolumeSurvey(silent: [quiet])) { $0.services = [] }
        #expect(unknown.message.contains("node h2 may have it"), "\(unknown.message)")
        let plan = try StackPlan.make(
            desired: desired(), live: live(VolumeSurvey(copies: [copy("h1")], silent: [quiet])), recreate: ["data"])
        #expect(plan.warnings == ["volume shop_data stays as it is on node h2 if it is there: \(reason)"])
    }

    @Test("a name that nothing has is refused with those that there are")
    func unknown() throws {
        let refused = try refusal(VolumeSurvey(), ["nothing"])
        #expect(refused.code == .invalidInput)
        #expect(
            refused.message
                == "stack shop has nothing of the name nothing that could be made anew; it has shop_back, shop_front, "
                + "shop_web, shop_data")
    }
}
