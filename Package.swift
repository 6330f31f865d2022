// swift-tools-version:6.2
import PackageDescription

// The order of targets is the order of layers: a target imports only what stands above it.
// ARCHITECTURE.md draws the same picture, Tests/ArchitectureTests holds the code to it.

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]
let nioWebSocket: Target.Dependency = .product(name: "NIOWebSocket", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let httpCompression: Target.Dependency = .product(name: "NIOHTTPCompression", package: "swift-nio-extras")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let certificates: [Target.Dependency] = [
    .product(name: "X509", package: "swift-certificates"), .product(name: "SwiftASN1", package: "swift-asn1"),
]
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], resources: [Resource] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: settings)
}

let package = Package(
    name: "roadstead",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "roadstead", targets: ["roadstead"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates.git", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1.git", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.1.1"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0", traits: []),
        .package(url: "https://github.com/swiftlang/swift-subprocess.git", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system.git", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    ],
    targets: [
        // 0: JSON value with parser and writer, ids, instants, the error type, keyed async lock, backoff.
        library("RoadsteadBasics", [log]),
        // 1: the nouns: resource types, wire shapes of our API, ACL rules. No I/O.
        library("RoadsteadModel", ["RoadsteadBasics", crypto]),
        // 1: Docker Engine wire types, Swarm included. Values only.
        library("DockerAPI", ["RoadsteadBasics"]),
        // 1: HTTP calls of services that people register: faults told apart, Amazon's request signature, XML answers.
        library("HTTPCalls", ["RoadsteadBasics", asyncHTTPClient, nioSSL, crypto, log] + nio),
        // 2: Docker Engine over unix socket or TCP with mutual TLS.
        library("DockerClient", ["DockerAPI", "RoadsteadBasics", asyncHTTPClient, nioSSL, log] + nio),
        // 2: Compose files into Swarm objects, the plan, and the verdict on what the Swarm made of it.
        library("RoadsteadCompose", ["DockerAPI", "RoadsteadBasics", yams, crypto]),
        // 2: documents, events, jobs and sealed secrets in SQLite.
        library("RoadsteadStore", ["RoadsteadModel", "RoadsteadBasics", grdb, sqlite, crypto, log]),
        // 2: S3: request signing, presigned URLs, buckets and objects.
        library("ObjectStorage", ["HTTPCalls", "RoadsteadBasics", log]),
        // 2: OpenSSH as a library: one shared connection a host, commands, files.
        library("RemoteHosts", ["RoadsteadBasics", crypto, subprocess]),
        // 2: drivers that make and unmake machines, networks and firewalls at a cloud.
        library(
            "RoadsteadClouds",
            ["HTTPCalls", "RoadsteadModel", "RoadsteadBasics", crypto, subprocess, systemPackage, log]),
        // 2: typed client of our own REST API.
        library("RoadsteadClient", ["RoadsteadModel", "RoadsteadBasics", asyncHTTPClient, nioSSL, nioWebSocket] + nio),
        // 3: durable runner of jobs; knows no particular job.
        library("RoadsteadJobs", ["RoadsteadStore", "RoadsteadModel", "RoadsteadBasics", lifecycle, log]),
        // 4: the use cases, a folder a subject, and who may do what.
        library(
            "RoadsteadControl",
            [
                "RoadsteadJobs", "RoadsteadStore", "RoadsteadCompose", "DockerClient", "DockerAPI", "ObjectStorage",
                "HTTPCalls", "RemoteHosts", "RoadsteadClouds", "RoadsteadModel", "RoadsteadBasics", asyncHTTPClient,
                crypto, cryptoExtras, nioSSL, log,
            ] + nio + certificates),
        // 5: what both doors share: requests and where they come from, forms, cookies.
        library(
            "RoadsteadHTTP",
            [
                "RoadsteadControl", "RoadsteadModel", "RoadsteadBasics", hummingbird, httpCompression, log,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
            ]),
        // 5: the door for programs: Nuvla's dialect, sessions and keys, event streams.
        library(
            "RoadsteadREST",
            [
                "RoadsteadHTTP", "RoadsteadControl", "RoadsteadModel", "RoadsteadBasics", hummingbird, httpCompression,
                metrics, hummingbirdCore,
                .product(name: "HTTPTypes", package: "swift-http-types"), lifecycle, log,
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                nioWebSocket, crypto, .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
            ]),
        // 5: the door for people: pages, forms, templates, assets.
        .target(
            name: "RoadsteadWeb",
            dependencies: [
                "RoadsteadHTTP", "RoadsteadControl", "RoadsteadModel", "RoadsteadBasics", hummingbird, mustache, crypto,
                log, .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
            ], resources: [.embedInCode("Templates"), .embedInCode("Assets")], swiftSettings: settings),
        // 6: composition root: configuration, wiring, service group.
        library(
            "RoadsteadServer",
            [
                "RoadsteadREST", "RoadsteadWeb", "RoadsteadHTTP", "RoadsteadControl", "RoadsteadJobs", "RoadsteadStore",
                "RoadsteadModel", "RoadsteadBasics", hummingbird, hummingbirdCore, httpCompression, metrics, lifecycle,
                log,
            ]),
        // 6: the commands, one file each.
        library(
            "RoadsteadCLI",
            [
                "RoadsteadClient", "RoadsteadControl", "RoadsteadCompose", "DockerClient", "DockerAPI", "RemoteHosts",
                "RoadsteadModel",
                "RoadsteadBasics", argumentParser, yams, crypto, log,
            ]),
        // 7: the one executable.
        .executableTarget(
            name: "roadstead",
            dependencies: ["RoadsteadCLI", "RoadsteadServer", "RoadsteadBasics", argumentParser, log],
            swiftSettings: settings),

        // Built by Benchmarks/api only.
        .executableTarget(
            name: "store-benchmark", dependencies: ["RoadsteadStore", "RoadsteadBasics"],
            path: "Benchmarks/StoreBenchmark", swiftSettings: settings),
        // Built by Benchmarks/compose only.
        .executableTarget(
            name: "compose-benchmark", dependencies: ["RoadsteadCompose"], path: "Benchmarks/ComposeBenchmark",
            swiftSettings: settings),

        // Built by Benchmarks/watch.py's user only.
        .executableTarget(
            name: "fake-engines", dependencies: ["RoadsteadTestKit", "DockerClient"], path: "Benchmarks/FakeEngines",
            swiftSettings: settings),
        // Built by Benchmarks/clusters only.
        .executableTarget(
            name: "cluster-benchmark",
            dependencies: [
                "RoadsteadServer", "RoadsteadControl", "RoadsteadClouds", "RemoteHosts", "DockerAPI", "RoadsteadModel",
                "RoadsteadBasics", log,
            ], path: "Benchmarks/ClusterBenchmark", swiftSettings: settings),

        // Imported by tests only: fakes held to the real thing, fixed clocks and ids, lab hosts.
        library(
            "RoadsteadTestKit",
            [
                "RoadsteadStore", "DockerClient", "DockerAPI", "HTTPCalls", "RoadsteadModel", "RoadsteadBasics", nioSSL,
                log,
            ] + nio),
        tests("RoadsteadBasicsTests", ["RoadsteadBasics", "RoadsteadTestKit"]),
        tests("RoadsteadModelTests", ["RoadsteadModel", "RoadsteadBasics", "RoadsteadTestKit"]),
        tests(
            "DockerClientTests",
            ["DockerClient", "DockerAPI", "RoadsteadBasics", "RoadsteadTestKit", nioSSL, log] + nio,
            resources: [.copy("Recordings")]),
        tests(
            "RoadsteadComposeTests", ["RoadsteadCompose", "DockerAPI", "RoadsteadBasics"],
            resources: [.copy("Corpus"), .copy("Recordings")]),
        tests("HTTPCallsTests", ["HTTPCalls", "RoadsteadBasics", log]),
        tests("ObjectStorageTests", ["ObjectStorage", "HTTPCalls", "RoadsteadBasics", "RoadsteadTestKit"]),
        tests("RemoteHostsTests", ["RemoteHosts", "RoadsteadBasics"]),
        tests(
            "RoadsteadCloudsTests",
            ["RoadsteadClouds", "HTTPCalls", "RoadsteadModel", "RoadsteadBasics", "RoadsteadTestKit", log] + nio,
            exclude: [
                "AmazonEC2/ec2_double.py", "Doubles/door.py", "Exoscale/exoscale_double.py",
                "Exoscale/exoscale_document.py", "Doubles/machines.py",
            ]),
        tests(
            "RoadsteadStoreTests",
            ["RoadsteadStore", "RoadsteadModel", "RoadsteadBasics", "RoadsteadTestKit", grdb]),
        tests(
            "RoadsteadJobsTests",
            [
                "RoadsteadJobs", "RoadsteadStore", "RoadsteadModel", "RoadsteadBasics", "RoadsteadTestKit", lifecycle,
                log,
            ]),
        tests(
            "RoadsteadControlTests",
            [
                "RoadsteadControl", "RoadsteadJobs", "RoadsteadStore", "RoadsteadCompose", "DockerClient", "DockerAPI",
                "ObjectStorage", "HTTPCalls", "RemoteHosts", "RoadsteadClouds", "RoadsteadModel", "RoadsteadBasics",
                "RoadsteadTestKit", cryptoExtras, nioSSL, log,
            ]),
        tests("RoadsteadWebTests", ["RoadsteadWeb", "RoadsteadControl", "RoadsteadModel", "RoadsteadBasics"]),
        tests(
            "RoadsteadRESTTests",
            [
                "RoadsteadServer", "RoadsteadREST", "RoadsteadHTTP", "RoadsteadControl", "RoadsteadClient", "RoadsteadStore",
                "DockerClient", "DockerAPI",
                "RoadsteadModel", "RoadsteadBasics", "RoadsteadTestKit", asyncHTTPClient, metrics, log,
            ] + nio),
        tests(
            "RoadsteadCLITests",
            [
                "RoadsteadCLI", "RoadsteadClient", "RoadsteadCompose", "DockerClient", "DockerAPI", "RemoteHosts",
                "RoadsteadModel",
                "RoadsteadBasics", argumentParser,
            ] + nio),
        tests("ArchitectureTests", []),
        // The real binary against real engines and hosts of Lab/.
        tests(
            "LabTests",
            [
                "roadstead", "RoadsteadControl", "RoadsteadStore", "RoadsteadCompose", "RoadsteadClient",
                "ObjectStorage", "RemoteHosts", "RoadsteadClouds",
                "DockerClient",
                "DockerAPI",
                "RoadsteadModel", "RoadsteadBasics", "RoadsteadTestKit", log,
            ],
            exclude: [
                "API/schemathesis_run.py", "Clients/nuvla_apps.py", "Clients/nuvla_resources.py",
                "Clients/nuvla_session.py", "Deployments/console.py",
            ]),
    ]
)
