/// The blocks in front of one file of a tar archive (POSIX ustar; names over 100 bytes by a pax record).
///
/// Source: IEEE Std 1003.1, pax interchange format.
struct TarHeader: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case file(size: Int)
        case directory
        case link(target: String)
    }

    var name: String
    var kind: Kind
    /// Permission bits.
    var mode: Int
    /// Seconds since 1970.
    var modified: Int

    static let blockSize = 512

    /// Two empty blocks end an archive.
    static let end = [UInt8](repeating: 0, count: 2 * blockSize)

    /// Zeros behind the contents of a file of this size.
    static func padding(for size: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: (blockSize - size % blockSize) % blockSize)
    }

    var bytes: [UInt8] {
        var name = name
        var target = ""
        var records: [UInt8] = []
        if case .link(let text) = kind { target = text }
        if case .directory = kind, !name.hasSuffix("/") { name += "/" }
        if name.utf8.count > 100 { records += Self.record("path", name) }
        if target.utf8.count > 100 { records += Self.record("linkpath", target) }
        let own = block(name: name, target: target, type: type, size: size)
        guard !records.isEmpty else { return own }
        let extended = block(name: "PaxHeader", target: "", type: "x", size: records.count)
        return extended + records + Self.padding(for: records.count) + own
    }

    private var type: Character {
        switch kind {
        case .file: "0"
        case .directory: "5"
        case .link: "2"
        }
    }

    private var size: Int { if case .file(let size) = kind { size } else { 0 } }

    /// `length key=value\n`, the length counting its own digits.
    private static func record(_ key: String, _ value: String) -> [UInt8] {
        let rest = " \(key)=\(value)\n".utf8.count
        var length = rest + 1
        while String(length).utf8.count + rest != length { length = String(length).utf8.count + rest }
        return Array("\(length) \(key)=\(value)\n".utf8)
    }

    private func block(name: String, target: String, type: Character, size: Int) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: Self.blockSize)
        func put(_ bytes: some Sequence<UInt8>, at offset: Int, limit: Int) {
            for (index, byte) in bytes.enumerated().prefix(limit) { block[offset + index] = byte }
        }
        func octal(_ number: Int, digits: Int) -> [UInt8] {
            let text = String(max(0, number), radix: 8)
            return Array((String(repeating: "0", count: max(0, digits - text.count)) + text).utf8.suffix(digits))
        }
        put(name.utf8, at: 0, limit: 100)
        put(octal(mode, digits: 7), at: 100, limit: 7)
        put(octal(0, digits: 7), at: 108, limit: 7)
        put(octal(0, digits: 7), at: 116, limit: 7)
        put(octal(size, digits: 11), at: 124, limit: 11)
        put(octal(modified, digits: 11), at: 136, limit: 11)
        put("        ".utf8, at: 148, limit: 8)
        put(String(type).utf8, at: 156, limit: 1)
        put(target.utf8, at: 157, limit: 100)
        put("ustar\u{0}00".utf8, at: 257, limit: 8)
        let sum = block.reduce(0) { $0 + Int($1) }
        put(octal(sum, digits: 6) + [0, UInt8(ascii: " ")], at: 148, limit: 8)
        return block
    }
}
