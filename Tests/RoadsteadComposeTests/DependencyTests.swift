import DockerAPI
import Testing

@testable import RoadsteadCompose

@Suite struct DependencyTests {
    private func dependencies(_ text: String) throws -> [ServiceDependency] {
        try stack(text)["w"]?.dependencies ?? []
    }

    @Test("the short form waits until services have started")
    func short() throws {
        let found = try dependencies("services: {w: {image: a, depends_on: [c, b]}, b: {image: a}, c: {image: a}}")
        #expect(found == [ServiceDependency(key: "b"), ServiceDependency(key: "c")])
    }

    @Test("the long form says what is waited for, and what an update of the other service means")
    func long() throws {
        let found = try dependencies(
            """
            services:
              w:
                image: a
                depends_on:
                  b: {condition: service_healthy, restart: true}
                  c: {condition: service_completed_successfully, required: "false"}
                  gone: {condition: service_started, required: false}
              b: {image: a}
              c: {image: a, deploy: {mode: replicated-job}}

            """)
        #expect(
            found == [
                ServiceDependency(key: "b", condition: .healthy, restart: true),
                ServiceDependency(key: "c", condition: .completed, required: false),
            ])
    }

    @Test("later files add dependencies and change their conditions")
    func merged() throws {
        let found = try stack(
            "services: {w: {image: a, depends_on: [b, c]}, b: {image: a}, c: {image: a}, d: {image: a}}",
            over: "services: {w: {depends_on: {b: {condition: service_healthy}, d: {condition: service_started}}}}")
        #expect(found["w"]?.dependencies.map(\.key) == ["b", "c", "d"])
        #expect(found["w"]?.dependencies.first?.condition == .healthy)
    }

    @Test(
        "what cannot come true is refused, naming the place",
        arguments: [
            (
                "services:\n  w: {image: a, depends_on: [b]}\n  b: {image: a, depends_on: [c]}\n"
                    + "  c: {image: a, depends_on: {b: {condition: service_started}}}\n",
                "compose.yml:4:30: services.c.depends_on.b: services wait for each other in a ring: b -> c -> b"
            ),
            (
                "services: {w: {image: a, depends_on: [w]}}",
                "compose.yml:1:39: services.w.depends_on[0]: services wait for each other in a ring: w -> w"
            ),
            (
                "services: {w: {image: a, depends_on: [x]}}",
                "services.w.depends_on[0]: depends on undefined service \"x\": there is no such service "
                    + "(add it, or say required: false)"
            ),
            (
                "services: {w: {image: a, depends_on: [x]}, x: {image: a, profiles: [p]}}",
                "depends on undefined service \"x\": none of its profiles is asked for"
            ),
            (
                "services: {w: {image: a, depends_on: {b: {condition: service_healthy}}}, "
                    + "b: {image: a, healthcheck: {disable: true}}}",
                "waits until b is healthy, whose health check is disabled"
            ),
            (
                "services: {w: {image: a, depends_on: {b: {condition: service_healthy}}}, "
                    + "b: {image: a, healthcheck: {test: [NONE]}}}",
                "waits until b is healthy, whose health check is disabled"
            ),
            (
                "services: {w: {image: a, depends_on: {b: {condition: service_happy}}}, b: {image: a}}",
                "must be one of the following: \"service_started\", \"service_healthy\", \"service_completed_successfully\""
            ),
        ])
    func refused(_ text: String, _ message: String) {
        let found = problems(text)
        #expect(found.count == 1 && found.first?.contains(message) == true, "\(found)")
    }

    @Test("a service that never ends is warned about where its end is waited for")
    func endless() throws {
        func warnings(_ lines: String) throws -> [String] {
            try stack(
                "services: {w: {image: a, depends_on: {b: {condition: service_completed_successfully}}}, "
                    + "b: {image: a\(lines)}}"
            ).warnings
        }
        #expect(try warnings("").first?.contains("waits until b has completed, but a Swarm starts b again") == true)
        #expect(try warnings(", restart: always").count == 1)
        #expect(try warnings(", restart: on-failure").isEmpty)
        // "no" makes no restart policy (docker's own way), so the Swarm starts it again.
        let never = try warnings(", restart: 'no'")
        #expect(never.count == 2 && never.contains { $0.contains("a Swarm starts b again") })
        #expect(never.contains { $0.hasPrefix("services.b.restart is ignored") && $0.contains("condition: none") })
        #expect(try warnings(", restart: 'no', deploy: {mode: replicated-job}").isEmpty)
        #expect(try warnings(", restart: 'no', deploy: {restart_policy: {condition: none}}").isEmpty)
        #expect(try warnings(", deploy: {restart_policy: {condition: none}}").isEmpty)
        #expect(try warnings(", deploy: {mode: replicated-job}").isEmpty)
    }

    @Test("waiting for the health of a service without a health check in the file is warned about")
    func noHealthcheck() throws {
        func warnings(_ lines: String) throws -> [String] {
            try stack(
                "services: {w: {image: a, depends_on: {b: {condition: service_healthy}}}, b: {image: a\(lines)}}"
            ).warnings
        }
        #expect(
            try warnings("").first?.contains("waits until b is healthy, and the file gives it no health check") == true)
        #expect(try warnings(", healthcheck: {interval: 5s}").count == 1)
        #expect(try warnings(", healthcheck: {test: 'true'}").isEmpty)
    }

    @Test("a chain of thousands of services is no problem")
    func chain() throws {
        let text =
            "services:\n  s0: {image: a}\n"
            + (1..<3000).map { "  s\($0): {image: a, depends_on: [s\($0 - 1)]}\n" }.joined()
        #expect(try stack(text)["s2999"]?.dependencies == [ServiceDependency(key: "s2998")])
    }
}
