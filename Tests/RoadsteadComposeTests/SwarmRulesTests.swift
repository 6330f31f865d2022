import Testing

@testable import RoadsteadCompose

/// What only the engine would refuse, when half of the stack is made.
@Suite struct SwarmRulesTests {
    @Test(
        "what the Swarm would refuse is refused before anything is made, at its place",
        arguments: [
            (
                "services:\n  w:\n    image: a\n    deploy: {mode: replicated-job, update_config: {parallelism: 1}}\n",
                "compose.yml:4:36: services.w.deploy.update_config: jobs may not have an update config"
            ),
            (
                "services:\n  w:\n    image: a\n    volumes: ['/a:/x', '/b:/x']\n",
                "compose.yml:4:24: services.w.volumes[1]: duplicate mount point: /x"
            ),
            (
                "services:\n  w:\n    image: a\n    volumes: ['/a:/x']\n    tmpfs: /x\n",
                "services.w.tmpfs: duplicate mount point: /x"
            ),
            (
                "services:\n  w:\n    image: a\n    volumes: [{type: image, source: i, target: /x}]\n",
                "services.w.volumes[0]: a Swarm mounts no images"
            ),
            (
                "services:\n  v: {image: a, ports: ['80:1']}\n  w: {image: a, ports: ['80:2']}\n",
                "compose.yml:3:17: services.w.ports: port 80/tcp is already in use by service v"
            ),
            (
                "services:\n  v: {image: a, ports: ['80:1']}\n"
                    + "  w: {image: a, ports: [{target: 2, published: 80, mode: host}]}\n",
                "port 80/tcp is already in use by service v"
            ),
        ])
    func refused(_ text: String, _ message: String) {
        let found = problems(text)
        #expect(found.count == 1 && found.first?.contains(message) == true, "\(found)")
    }

    @Test("host ports may be shared by services, and ports of two protocols are two")
    func sharedPorts() throws {
        let text = """
            services:
              v: {image: a, ports: [{target: 1, published: 80, mode: host}, '53:53/udp']}
              w: {image: a, ports: [{target: 2, published: 80, mode: host}, '53:53/tcp']}

            """
        #expect(try stack(text).services.count == 2)
    }
}
