import Foundation
import RoadsteadCompose

/// Reading Compose files: how fast, and whether anything at all can make it crash or hang.
///
/// `compose-benchmark speed` prints times and MB/s. `compose-benchmark fuzz FOLDER COUNT [SEED]` reads COUNT mutations of the
/// folder's files, in as many threads as there are processors, and fails when one takes more than two seconds or has a problem
/// without a message; a crash ends it, and `one FOLDER SEED NUMBER` reads that input alone.
@main
enum ComposeBenchmark {
    static func main() async throws {
        let words = Array(CommandLine.arguments.dropFirst())
        switch words.first {
        case "speed": try speed()
        case "fuzz" where words.count >= 3: try await fuzz(words)
        case "one" where words.count == 4: try one(words)
        default:
            print("usage: compose-benchmark speed | fuzz FOLDER COUNT [SEED] | one FOLDER SEED NUMBER")
            exit(2)
        }
    }

    // MARK: - Speed

    private static func speed() throws {
        for lines in [500, 5_000, 20_000] {
            let text = LargeFile.text(lines: lines)
            let input = LargeFile.input(text)
            var times: [Double] = []
            for _ in 0..<15 {
                let start = ContinuousClock.now
                _ = try ComposeReader.desiredStack(input, stackName: "large")
                times.append((ContinuousClock.now - start) / .seconds(1))
            }
            let median = times.sorted()[times.count / 2]
            let count = text.utf8.count(where: { $0 == UInt8(ascii: "\n") })
            print(
                "\(count) lines, \(text.utf8.count) bytes: median \(Self.text(median * 1000)) ms, best "
                    + "\(Self.text((times.min() ?? 0) * 1000)) ms, \(Self.text(Double(text.utf8.count) / median / 1e6)) MB/s"
            )
        }
    }

    private static func text(_ number: Double) -> String { String(format: "%.1f", number) }

    // MARK: - Fuzz

    private static func fuzz(_ words: [String]) async throws {
        let fuzzer = try ComposeFuzzer(folder: words[1])
        let count = Int(words[2]) ?? 1_000_000
        let seed = words.count > 3 ? UInt64(words[3]) ?? 1 : 1
        let workers = ProcessInfo.processInfo.activeProcessorCount
        let start = ContinuousClock.now
        let total = await withTaskGroup(of: ComposeFuzzer.Outcome.self) { group in
            for worker in 0..<workers {
                group.addTask { fuzzer.run(stride(from: worker, to: count, by: workers), seed: seed) }
            }
            return await group.reduce(into: ComposeFuzzer.Outcome()) { $0.add($1) }
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print(
            "\(total.stacks + total.refused) inputs in \(text(seconds)) s: \(total.stacks) stacks, \(total.refused) refused; "
                + "slowest \(text(total.slowest * 1000)) ms (number \(total.slowestNumber))")
        for failure in total.failures.prefix(20) { print("failed: \(failure)") }
        exit(total.failures.isEmpty ? 0 : 1)
    }

    private static func one(_ words: [String]) throws {
        let fuzzer = try ComposeFuzzer(folder: words[1])
        guard let seed = UInt64(words[2]), let number = Int(words[3]) else { return }
        let (input, text) = fuzzer.input(number, seed: seed)
        print(text)
        do { print(try ComposeReader.desiredStack(input, stackName: "s").services.count, "services") } catch {
            print(error)
        }
    }
}
