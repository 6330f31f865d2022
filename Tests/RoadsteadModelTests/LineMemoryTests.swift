import RoadsteadBasics
import RoadsteadModel
import Testing

@Suite struct LineMemoryTests {
    private let start = Instant(millisecondsSinceEpoch: 1_000_000)

    @Test("a stream that is opened again tells each line once, those of the same moment and text too")
    func repeats() {
        var memory = LineMemory()
        func tell(_ texts: [String], from place: String = "t", at moment: Instant? = nil) -> [Bool] {
            texts.map { memory.isNew($0, from: place, at: moment ?? start) }
        }
        let first = memory.reopen()
        #expect(first == nil, "nothing was told")
        #expect(tell(["old"], at: start - .seconds(60)) == [true])
        #expect(tell(["a", "a", "b"]) == [true, true, true])
        for _ in 0..<2 {
            let since = memory.reopen()
            #expect(since == start - LineMemory.overlap)
            #expect(tell(["a", "a", "b"]) == [false, false, false])
        }
        #expect(tell(["a"]) == [true], "a third one")
        #expect(tell(["a"], from: "other") == [true])
    }
}
