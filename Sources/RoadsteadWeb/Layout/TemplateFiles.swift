import Mustache

/// The templates, part of the binary.
enum TemplateFiles {
    static let sources: [(name: String, text: [UInt8])] = [
        ("layout", PackageResources.layout_mustache), ("field", PackageResources.field_mustache),
        ("badge", PackageResources.badge_mustache), ("pager", PackageResources.pager_mustache),
        ("as-command", PackageResources.as_command_mustache), ("moment", PackageResources.moment_mustache),
        ("notice", PackageResources.notice_mustache),
        ("sign-in", PackageResources.sign_in_mustache), ("failure", PackageResources.failure_mustache),
        ("overview", PackageResources.overview_mustache), ("components", PackageResources.components_mustache),
        ("infrastructures", PackageResources.infrastructures_mustache),
        ("infrastructure-kinds", PackageResources.infrastructure_kinds_mustache),
        ("infrastructure-add", PackageResources.infrastructure_add_mustache),
        ("infrastructure", PackageResources.infrastructure_mustache),
    ]

    /// Traps on a template that cannot be read: a mistake of ours, at the first start.
    static let library: MustacheLibrary = {
        var library = MustacheLibrary()
        for source in sources {
            do { try library.register(String(decoding: source.text, as: UTF8.self), named: source.name) } catch {
                preconditionFailure("template \(source.name): \(error)")
            }
        }
        return library
    }()
}
