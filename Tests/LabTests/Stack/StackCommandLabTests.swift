import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

/// `roadstead stack ...` as people type it, against a real engine.
@Suite("Stack commands on a real Swarm", .serialized)
struct StackCommandLabTests {
    private struct Shell {
        let lab: LabHosts
        let folder: TemporaryDirectory

        /// Exit status and both streams.
        func stack(_ arguments: String...) async throws -> ProgramResult {
            try await Program.run(
                Program.roadstead, ["stack"] + arguments, environment: environment, directory: folder.path)
        }

        func docker(_ arguments: String...) async throws -> ProgramResult {
            try await Program.run(
                Program.repository.appending(path: "Lab/swarm").path, ["docker", "h1"] + arguments,
                environment: ["LAB_NAME": lab.name], directory: folder.path)
        }

        func write(_ name: String, _ text: String) throws {
            try text.write(toFile: folder.file(name), atomically: true, encoding: .utf8)
        }

        private var environment: [String: String] {
            [
                "DOCKER_HOST": (try? lab.endpointText().replacing("https://", with: "tcp://")) ?? "",
                "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": lab.tlsFolder, "DOCKER_CONFIG": folder.file("docker"),
                "NO_COLOR": "1",
            ]
        }
    }

    private func shell(_ body: (Shell, LabHosts.Registry) async throws -> Void) async throws {
        let lab = try LabHosts.required()
        try await TemporaryDirectory.run { folder in
            let (shell, registry) = (Shell(lab: lab, folder: folder), try lab.registry())
            let login = Data("\(registry.user):\(registry.password.exposed)".utf8).base64EncodedString()
            try FileManager.default.createDirectory(atPath: folder.file("docker"), withIntermediateDirectories: true)
            try shell.write("docker/config.json", "{\"auths\":{\"\(registry.address)\":{\"auth\":\"\(login)\"}}}")
            try await body(shell, registry)
        }
    }

    private func expect(_ status: Int32, _ result: ProgramResult) {
        #expect(result.status == status, "\(result.transcript)")
    }

    @Test("plan, deploy, rotate, scale, restart, roll back, logs and rm, each with its exit status")
    func life() async throws {
        try await shell { shell, registry in
            func file(_ command: String, image: String = "busybox:1") throws {
                try shell.write(
                    "c.yml",
                    """
                    services:
                      web: {image: "\(registry.image(image))", command: \(command), configs: [page], stop_grace_period: 0s,
                        deploy: {update_config: {monitor: 1s}}}
                    configs: {page: {file: ./page}}
                    """)
            }
            let name = "lab-command"
            try shell.write("page", "one\n")
            try file("sh -c 'cat /page; sleep 3600'")
            let plan = try await shell.stack("plan", "-c", "c.yml", name)
            expect(0, plan)
            #expect(plan.output.contains("+ service lab-command_web"))
            expect(0, try await shell.stack("deploy", "-c", "c.yml", name))
            try shell.write("page", "two\n")
            let diff = try await shell.stack("diff", "-c", "c.yml", name)
            #expect(diff.output.contains("other content of lab-command_page"), "\(diff.transcript)")
            expect(0, try await shell.stack("deploy", "-c", "c.yml", name))
            let logs = try await shell.stack("logs", name)
            #expect(logs.output.contains("two"), "\(logs.transcript)")
            expect(0, try await shell.stack("scale", name, "web=2"))
            expect(0, try await shell.stack("restart", name))
            expect(0, try await shell.stack("rollback", name, "web"))
            try file("sh -c 'exit 3'")
            let failed = try await shell.stack("deploy", "-c", "c.yml", name)
            expect(4, failed)
            #expect(failed.errors.contains("exit code: 3"), "\(failed.transcript)")
            try file("sleep 3600", image: "busybox:none")
            let refused = try await shell.stack("deploy", "-c", "c.yml", name)
            expect(3, refused)
            #expect(refused.errors.contains("manifest unknown"))
            expect(2, try await shell.stack("scale", name, "web=many"))
            expect(3, try await shell.stack("restart", "lab-nothing"))
            expect(0, try await shell.stack("rm", name))
            expect(3, try await shell.stack("rm", name))
        }
    }

    @Test("a stack that docker deployed is adopted: its file, read back, is planned without a change")
    func adopts() async throws {
        try await shell { shell, registry in
            let name = "lab-adopt"
            try shell.write("page", "hello $HOME")
            try shell.write("token", "not so secret")
            try shell.write(
                "c.yml",
                """
                version: "3.8"
                services:
                  web:
                    image: \(registry.image("busybox")):1
                    command: sh -c "echo $$HOSTNAME; sleep 3600"
                    ports: ["30994:8080"]
                    networks: {front: {aliases: [www]}, back: {}}
                    environment: {MODE: fast, COST: "$$5", EMPTY: ""}
                    configs: [{source: page, target: /page, mode: 0400}]
                    secrets: [token]
                    volumes: ["data:/data", {type: tmpfs, target: /cache, tmpfs: {size: 1048576}}]
                    healthcheck: {test: ["CMD-SHELL", "true"], interval: 3s}
                    extra_hosts: ["db:10.1.2.3"]
                    stop_grace_period: 1m30s
                    labels: {a: "1"}
                    deploy:
                      replicas: 2
                      labels: {b: "yes"}
                      update_config: {parallelism: 2, delay: 1s, max_failure_ratio: 0.25, order: start-first}
                      resources: {limits: {cpus: "0.25", memory: 64M}}
                      restart_policy: {condition: on-failure, delay: 2s, max_attempts: 3, window: 10s}
                      placement: {constraints: [node.platform.os == linux], preferences: [{spread: node.id}]}
                  each: {image: "\(registry.image("busybox")):1", command: sleep 3600, deploy: {mode: global}}
                networks: {front: {attachable: true, labels: {x: "y"}}, back: {internal: true}}
                volumes: {data: {labels: {keep: "yes"}}}
                configs: {page: {file: ./page}}
                secrets: {token: {file: ./token}}
                """)
            expect(
                0,
                try await shell.docker(
                    "stack", "deploy", "--resolve-image", "never", "-c", shell.folder.file("c.yml"), name))
            let adopted = try await shell.stack("adopt", name, "--directory", "out")
            expect(0, adopted)
            #expect(adopted.errors.contains("changes nothing"))
            #expect(try String(contentsOfFile: shell.folder.file("out/configs/page"), encoding: .utf8) == "hello $HOME")
            let plan = try await shell.stack(
                "plan", "--resolve-image", "never", "-c", "out/compose.yaml", "-o", "json", name)
            #expect(try JSONValue.parse(plan.output)["changes"] == 0, "\(plan.transcript)")
            expect(0, try await shell.stack("rm", "--volumes", name))
        }
    }
}
