import Foundation
import Testing

@testable import RoadsteadWeb

/// The colours of the style sheet by the formula of WCAG 2.2 (1.4.3): text needs 4.5 to 1, in light and dark.
@Suite struct ContrastTests {
    static let pairs = [
        ("ink", "ground"), ("ink", "paper"), ("soft", "ground"), ("soft", "paper"), ("accent", "ground"),
        ("accent", "paper"),
        ("on-accent", "accent"), ("good", "good-ground"), ("bad", "bad-ground"), ("bad", "ground"),
        ("busy", "busy-ground"),
    ]

    @Test("text can be read on its ground", arguments: pairs, [0, 1])
    func contrast(_ pair: (String, String), _ scheme: Int) throws {
        let text = try Self.luminance(pair.0, scheme)
        let ground = try Self.luminance(pair.1, scheme)
        let ratio = (max(text, ground) + 0.05) / (min(text, ground) + 0.05)
        #expect(ratio >= 4.5, "\(pair.0) on \(pair.1): \(ratio)")
    }

    private static func luminance(_ token: String, _ scheme: Int) throws -> Double {
        let style = String(decoding: PackageResources.roadstead_css, as: UTF8.self)
        let line = try #require(style.split(separator: "\n").first { $0.hasPrefix("  --\(token): light-dark(") })
        let colors = line.split(separator: "#").dropFirst().map { String($0.prefix(6)) }
        let value = try #require(Int(colors[scheme], radix: 16))
        let parts = [value >> 16, value >> 8 & 255, value & 255].map { part -> Double in
            let share = Double(part) / 255
            return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
}
