import Foundation
import RoadsteadBasics
import RoadsteadTestKit
import Testing

@Suite("JSON under fuzzing")
struct JSONFuzzTests {
    private static let pieces: [[UInt8]] =
        [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "true", "false", "0", "-", "1e5", ".5", "e",
            "12345678901234567890",
            "\\u", "\\ud83d\\ude00", "\\ud800", "\u{1F600}", "é", " ", "\n", "\"a\"", "\"b\":1", "{}", "[[", "\u{0}",
            "1.7e308",
        ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80]]

    private static let seeds: [String] = [
        #"{"id":"deployment/1","n":[1,2.5,-3e2,true,false,null],"acl":{"owners":["user/a"]},"text":"a\"b\\cé\n"}"#,
        #"[{"a":{"b":{"c":[[],{},[{}]]}}},"\ud83d\ude00",0.1,1e-7,123456789012345678]"#,
        #"  { "spaces" : [ 1 , 2 ] , "empty" : "" }  "#,
    ]

    @Test("Mutated texts are accepted exactly when Foundation accepts them, with the same meaning", arguments: 1...4)
    func differential(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var accepted = 0
        for round in 0..<6000 {
            var text = Array(Self.seeds[round % Self.seeds.count].utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&text, using: &random) }
            let ours = try? JSONValue.parse(text)
            let theirs = Self.foundation(text)
            if let ours {
                accepted += 1
                let shown = String(decoding: text, as: UTF8.self)
                let reference = try #require(theirs, "only we accept: \(shown)")
                #expect(same(ours, reference), "\(shown)")
                #expect(try JSONValue.parse(ours.serialized()) == ours)
            } else if theirs != nil {
                #expect(
                    Self.isKnownDifference(text), "only Foundation accepts: \(String(decoding: text, as: UTF8.self))")
            }
        }
        #expect(accepted > 200)
    }

    @Test("Random values survive writing and reading, compact, pretty and in canonical order")
    func roundTrips() throws {
        var random = SeededRandom(seed: 7)
        for _ in 0..<3000 {
            let value = randomValue(depth: 0, using: &random)
            for style in [JSONStyle.compact, .pretty, .canonical] {
                #expect(try JSONValue.parse(value.serialized(style)) == value)
            }
            let theirs = try #require(Self.foundation(value.serialized()))
            #expect(same(value, theirs))
        }
    }

    @Test("Every double survives writing and reading to the last bit")
    func doubles() throws {
        var random = SeededRandom(seed: 11)
        for _ in 0..<20_000 {
            let value = Double(bitPattern: UInt64.random(in: 0 ... .max, using: &random))
            guard value.isFinite else { continue }
            let read = try JSONValue.parse(JSONValue.number(value).text())
            #expect(read.doubleValue?.bitPattern == value.bitPattern)
        }
    }

    private func mutate(_ text: inout [UInt8], using random: inout SeededRandom) {
        let place = text.isEmpty ? 0 : Int.random(in: 0..<text.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: if !text.isEmpty { text.remove(at: place) }
        case 1: text.insert(contentsOf: Self.pieces.randomElement(using: &random) ?? [], at: place)
        case 2: if !text.isEmpty { text[place] = UInt8.random(in: 0x20...0x7E, using: &random) }
        case 3:
            let end = min(text.count, place + Int.random(in: 1...8, using: &random))
            text.insert(contentsOf: text[place..<end], at: Int.random(in: 0...text.count, using: &random))
        default: text.removeSubrange(place..<min(text.count, place + Int.random(in: 0...3, using: &random)))
        }
    }

    private static func foundation(_ text: [UInt8]) -> Any? {
        try? JSONSerialization.jsonObject(with: Data(text), options: [.fragmentsAllowed])
    }

    /// Foundation on Linux also reads duplicate keys, commas before a closing bracket, and other encodings than UTF-8.
    private static func isKnownDifference(_ text: [UInt8]) -> Bool {
        do {
            _ = try JSONValue.parse(text)
            return false
        } catch {
            if error.problem.contains("comes twice") || text.contains(0) { return true }
            let before = text.prefix(error.offset).last { !Array(" \n\r\t".utf8).contains($0) }
            let here = text.dropFirst(error.offset).first
            return before == UInt8(ascii: ",") && (here == UInt8(ascii: "]") || here == UInt8(ascii: "}"))
        }
    }

    private func same(_ ours: JSONValue, _ theirs: Any) -> Bool {
        switch ours {
        case .null: return theirs is NSNull
        case .bool(let value): return (theirs as? NSNumber)?.boolValue == value
        case .integer(let value): return (theirs as? NSNumber)?.int64Value == value
        case .number(let value):
            // Foundation on Linux goes through Decimal and is off in the last digits.
            guard let other = (theirs as? NSNumber)?.doubleValue else { return false }
            return abs(other - value) <= abs(value) * 1e-14
        case .string(let value): return (theirs as? String).map { $0.utf8.elementsEqual(value.utf8) } ?? false
        case .array(let values):
            guard let others = theirs as? [Any], others.count == values.count else { return false }
            return zip(values, others).allSatisfy { same($0, $1) }
        case .object(let object):
            guard let others = theirs as? [String: Any], others.count == object.count else { return false }
            return object.members.allSatisfy { member in others[member.key].map { same(member.value, $0) } ?? false }
        }
    }

    private func randomValue(depth: Int, using random: inout SeededRandom) -> JSONValue {
        switch Int.random(in: 0..<(depth < 4 ? 9 : 6), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2:
            return .integer(Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0..<63, using: &random))
        case 3:
            // Within the range of Foundation's Decimal.
            let exponent = Double(Int.random(in: -100...100, using: &random))
            return .number(Double.random(in: -10...10, using: &random) * pow(10, exponent))
        case 4, 5: return .string(randomText(using: &random))
        case 6:
            return .array(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in randomValue(depth: depth + 1, using: &random) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                object[randomText(using: &random)] = randomValue(depth: depth + 1, using: &random)
            }
            return .object(object)
        }
    }

    private func randomText(using random: inout SeededRandom) -> String {
        let ranges: [ClosedRange<UInt32>] = [0...0x7F, 0x80...0x7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            let range = ranges[Int.random(in: 0..<ranges.count, using: &random)]
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) { text.append(scalar) }
        }
        return String(text)
    }
}
