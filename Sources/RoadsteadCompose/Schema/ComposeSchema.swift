/// The table of everything that a Compose file may hold, after the Compose specification. What of it a Swarm cannot do
/// stands in `UnsupportedKey.all`.
///
/// Numbers and booleans may be written as texts: `InterpolationCasts` has made them what they should be before.
/// Source: compose-spec.json of the specification; `SpecificationTests` holds this table against it.
enum ComposeSchema {
    static let file = Shape.mapping([
        "version": .string,
        "name": .string,
        "include": .list(of: include),
        "services": named(service),
        "networks": named(network),
        "volumes": named(volume),
        "secrets": named(secret),
        "configs": named(config),
        "models": .mapping(ofAny: .anything),
    ])

    // MARK: - Common shapes

    static func named(_ shape: Shape) -> Shape { Shape(mapping: MappingShape(keys: [:], others: .named(shape))) }

    static func requiring(_ keys: [String: Shape], _ required: String...) -> Shape {
        Shape(mapping: MappingShape(keys: keys, others: .extensions, required: required))
    }

    static let stringList = Shape.list(of: .string, isUnique: true)
    static let stringOrList = Shape.string.or(stringList)
    static let words = Shape.string.or(.list(of: .string)).orNull
    static let textOrNumber = Shape(scalars: [.string, .number])

    /// `{a: b}` or `[a=b]`; values may be numbers, booleans or nothing.
    static let mappingOrList = Shape.mapping(ofAny: Shape(scalars: [.string, .number, .boolean, .null])).or(stringList)
    static let driverOptions = Shape.mapping(ofAny: textOrNumber)

    // MARK: - Top level

    private static let include = Shape.string.or(
        .mapping(["path": stringOrList, "env_file": stringOrList, "project_directory": .string]))

    private static let external = Shape.boolean.or(.mapping(["name": .string]))

    static let network = Shape.mapping([
        "name": .string,
        "driver": .string,
        "driver_opts": driverOptions,
        "ipam": .mapping([
            "driver": .string,
            "config": .list(
                of: .mapping([
                    "subnet": .string, "gateway": .string, "ip_range": .string,
                    "aux_addresses": .mapping(ofAny: .string),
                ])),
            "options": .mapping(ofAny: .string),
        ]),
        "external": external,
        "enable_ipv4": .boolean,
        "enable_ipv6": .boolean,
        "internal": .boolean,
        "attachable": .boolean,
        "labels": mappingOrList,
    ]).orNull

    static let volume = Shape.mapping([
        "name": .string,
        "driver": .string,
        "driver_opts": driverOptions,
        "external": external,
        "labels": mappingOrList,
    ]).orNull

    private static let fileObjectKeys: [String: Shape] = [
        "name": .string,
        "file": .string,
        "environment": .string,
        "external": external,
        "labels": mappingOrList,
        "template_driver": .string,
    ]

    static let config = Shape.mapping(fileObjectKeys.merging(["content": .string]) { old, _ in old })

    static let secret = Shape.mapping(
        fileObjectKeys.merging(["driver": .string, "driver_opts": driverOptions]) { old, _ in old })
}
