import RoadsteadBasics
import RoadsteadModel

/// One field of a form, made from the attribute of the API that it fills in.
struct FormFieldModel: Sendable {
    struct Option: Sendable {
        let value: String
        let label: String
        let isSelected: Bool
    }

    let name: String
    let label: String
    let help: String?
    /// What was typed last; never of a secret.
    let value: String
    let placeholder: String
    let isRequired: Bool
    /// Typed without being shown.
    let isSecret: Bool
    /// Several lines, such as a certificate, which may come from a file.
    let isLong: Bool
    let isLine: Bool
    let options: [Option]
    let hasOptions: Bool

    init(
        name: String, label: String, help: String? = nil, value: String = "", placeholder: String = "",
        isRequired: Bool = false, isSecret: Bool = false, isLong: Bool = false, options: [Option] = []
    ) {
        self.name = name
        self.label = label
        self.help = help
        self.value = isSecret ? "" : value
        self.placeholder = placeholder
        self.isRequired = isRequired
        self.isSecret = isSecret
        self.isLong = isLong
        self.options = options
        hasOptions = !options.isEmpty
        isLine = options.isEmpty && !isLong
    }

    /// `prefix` tells fields of two documents in one form apart.
    init(_ attribute: Attribute, prefix: String = "", fields: PageFields, placeholder: String = "") {
        let name = prefix + attribute.name
        let typed = fields.raw(name) ?? ""
        var options: [Option] = []
        if case .oneOf(let values) = attribute.kind {
            options = values.map { Option(value: $0, label: $0, isSelected: $0 == typed) }
        }
        self.init(
            name: name, label: FieldWords.label(attribute.name), help: attribute.description, value: typed,
            placeholder: placeholder, isRequired: attribute.traits.contains(.required),
            isSecret: attribute.traits.contains(.secret), isLong: FieldWords.isPEM(attribute), options: options)
    }
}

enum FieldWords {
    private static let special = ["ca": "CA certificate", "cert": "Client certificate", "key": "Client key"]

    /// `access-key` as people write it: `Access key`.
    static func label(_ name: String) -> String {
        if let label = special[name] { return label }
        let words = name.replacing("-", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    static func isPEM(_ attribute: Attribute) -> Bool { attribute.description?.hasPrefix("PEM") ?? false }
}
