import ArgumentParser
import RoadsteadBasics

/// A span of time on the command line: `90`, `90s`, `5m`, `1h30m`.
struct TimeSpan: ExpressibleByArgument, Hashable, Sendable {
    var seconds: Int

    init(seconds: Int) { self.seconds = seconds }

    init?(argument: String) {
        if let seconds = Int(argument), seconds > 0 {
            self.init(seconds: seconds)
            return
        }
        var (total, number) = (0, "")
        for character in argument {
            if character.isNumber { number.append(character); continue }
            guard let factor = ["h": 3600, "m": 60, "s": 1][character], let count = Int(number), count < 1_000_000
            else { return nil }
            (total, number) = (total + count * factor, "")
        }
        guard number.isEmpty, total > 0 else { return nil }
        self.init(seconds: total)
    }

    var duration: Duration { .seconds(seconds) }
}
