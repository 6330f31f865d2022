import RoadsteadCompose

/// A Compose file as long as wanted, of services as people write them.
enum LargeFile {
    static func text(lines: Int) -> String {
        var text = "x-log: &log {driver: json-file, options: {max-size: 10m}}\nservices:\n"
        let block = service(0).utf8.count(where: { $0 == UInt8(ascii: "\n") })
        for number in 0..<max(1, (lines - 12) / block) { text += service(number) }
        return text
            + "networks: {front: {}, back: {driver: overlay}}\nvolumes: {data: {}}\nconfigs: {page: {content: hello}}\n"
    }

    static func input(_ text: String) -> ComposeInput {
        ComposeInput(
            sources: [ComposeSource(path: "compose.yml", text: text)], environment: ["TAG": "1.2", "ZONE": "a"],
            reader: MemoryFileReader(files: [:]), workingDirectory: "/")
    }

    private static func service(_ number: Int) -> String {
        """
          service-\(number):
            image: registry.example.org/team/app-\(number):${TAG:-latest}
            command: ["serve", "--port", "8080", "--zone", "${ZONE}"]
            environment:
              MODE: production
              WORKERS: 4
              DATABASE_URL: postgres://user@db-\(number):5432/app
            networks: [front, back]
            configs:
              - source: page
                target: /www/index.html
            volumes:
              - data:/data
              - type: tmpfs
                target: /cache
            # what the Swarm does with it
            healthcheck:
              test: ["CMD", "wget", "-q", "-O-", "http://localhost:8080/health"]
              interval: 10s
              retries: 3
            logging: *log
            deploy:
              replicas: 3
              labels:
                traefik.enable: "true"
                traefik.http.routers.r\(number).rule: "Host(`app-\(number).example.org`)"
              update_config: {parallelism: 2, delay: 5s, order: start-first}
              resources:
                limits: {cpus: "0.50", memory: 128M}
              placement:
                constraints: [node.role == worker]

        """
    }
}
