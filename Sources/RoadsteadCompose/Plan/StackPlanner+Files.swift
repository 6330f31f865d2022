import DockerAPI
import RoadsteadBasics

extension StackPlanner {
    mutating func configStep(_ spec: FileSpec) -> PlanStep {
        guard let config = live.config(named: spec.name) else {
            return creation(.config, spec)
        }
        checkOwner("config", spec.name, config.spec.labels)
        if spec.data.orNil != config.spec.data.orNil {
            refuse(.invalidState, immutable("config", spec.name, "its data"))
        } else if spec.templating != config.spec.templating {
            refuse(.invalidState, immutable("config", spec.name, "its template driver"))
        }
        // One without a stack's label is taken over, as docker does.
        let action = labelAction(spec, config.spec, otherwise: .unchanged)
        return PlanStep(
            .config, spec.name, action, id: config.id, version: config.version, payload: .file(spec))
    }

    mutating func secretStep(_ spec: FileSpec) -> PlanStep {
        guard let secret = live.secret(named: spec.name) else {
            return creation(.secret, spec)
        }
        checkOwner("secret", spec.name, secret.spec.labels)
        if spec.templating != secret.spec.templating || spec.driver != secret.spec.driver {
            refuse(.invalidState, immutable("secret", spec.name, "its driver"))
        }
        // Known when the content was asked about while this was planned.
        let isKnown = spec.data == nil || live.secretContents.values.contains(.isIn(spec.name))
        let action = labelAction(spec, secret.spec, otherwise: isKnown ? .unchanged : .check)
        return PlanStep(
            .secret, spec.name, action, id: secret.id, version: secret.version, payload: .file(spec))
    }

    private func creation(_ kind: PlanStep.Kind, _ spec: FileSpec) -> PlanStep {
        var step = PlanStep(kind, spec.name, .create, payload: .file(spec))
        if spec.base != spec.name { step.note = "other content of \(spec.base)" }
        return step
    }

    private mutating func checkOwner(_ kind: String, _ name: String, _ labels: [String: String]?) {
        guard let owner = labels?[DesiredStack.namespaceLabel], owner != desired.name else { return }
        refuse(
            .conflict,
            "\(kind) \(name) already exists and belongs to stack \(owner): give it another name (name: in the "
                + "file's \(kind)s), or declare it as external")
    }

    private func immutable(_ kind: String, _ name: String, _ what: String) -> String {
        SwarmWords.immutableFile(kind: kind, name: name, what: what)
    }

    private func labelAction(
        _ desired: FileSpec, _ live: FileSpec, otherwise: PlanStep.Action
    ) -> PlanStep.Action {
        guard desired.labels.orNil != live.labels.orNil else { return otherwise }
        let keys = Set(desired.labels?.keys ?? [:].keys).union(live.labels?.keys ?? [:].keys).sorted()
        return .update(
            keys.filter { desired.labels?[$0] != live.labels?[$0] }.map { key in
                FieldChange(
                    path: "Labels.\(key)", from: live.labels?[key].map(JSONValue.string),
                    to: desired.labels?[key].map(JSONValue.string))
            })
    }
}
