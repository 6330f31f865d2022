/// An element of an XML answer: its name, its texts and its children. As much of XML as Amazon's services and their kin
/// answer with: attributes are passed over, of entities only the five of XML and character numbers are known, and no
/// document type is taken, so that nothing in an answer can make it grow.
public struct XMLElement: Sendable, Hashable {
    public var name: String
    /// What stands between its children, entities read.
    public var text: String
    public var children: [XMLElement]

    public init(name: String, text: String = "", children: [XMLElement] = []) {
        (self.name, self.text, self.children) = (name, text, children)
    }

    /// The root of a document; nil for what is not well-formed, no UTF-8, or nested deeper than 64.
    public init?(_ bytes: [UInt8]) {
        guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
        let root = bytes.withUnsafeBufferPointer { bytes in
            var reader = XMLReader(bytes: bytes)
            return try? reader.document()
        }
        guard let root else { return nil }
        self = root
    }

    /// The first child of this name.
    public subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    public func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// The text of the first child of this name.
    public func text(_ name: String) -> String? { self[name]?.text }
}
