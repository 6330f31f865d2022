import DockerAPI
import Foundation
import RoadsteadBasics
import RoadsteadCompose
import Testing

@Suite("What docker stack deploy makes of the corpus")
struct CorpusTests {
    @Test("a file that docker deploys becomes the same objects", arguments: CorpusCase.all)
    func sameObjects(_ corpusCase: CorpusCase) throws {
        let goldens = try corpusCase.goldens()
        #expect(goldens.count == corpusCase.steps.count)
        for (step, golden) in zip(corpusCase.steps, goldens) where golden["exit"] == 0 {
            let stack = try ComposeReader.desiredStack(try Corpus.input(step), stackName: "gold")
            let state = try #require(golden["state"])
            for (section, objects) in try objects(of: stack) {
                let recorded = state[section]?.objectValue ?? [:]
                for (name, object) in objects {
                    let want = Normalised.value(try #require(recorded[name], "docker makes no \(section) \(name)"))
                    #expect(Normalised.differences(want, Normalised.value(object), at: name) == [])
                }
                if corpusCase.kind == "valid" { #expect(Set(recorded.keys) == Set(objects.keys)) }
            }
        }
    }

    private func objects(of stack: DesiredStack) throws -> [(String, JSONObject)] {
        func object<T>(_ items: [T], _ make: (T) throws -> (String, JSONValue)) rethrows -> JSONObject {
            JSONObject(try items.map(make))
        }
        return [
            ("services", try object(stack.services) { ($0.spec.name ?? "", try EngineDefaults.service($0.spec)) }),
            ("networks", try object(stack.networks) { ($0.name, try EngineDefaults.network($0)) }),
            ("configs", try object(stack.configs) { ($0.name, try EngineDefaults.config($0)) }),
            ("secrets", try object(stack.secrets) { ($0.name, try EngineDefaults.secret($0)) }),
        ]
    }

    @Test(
        "a file that docker refuses is refused with the words that matter, naming file and line",
        arguments: CorpusCase.all.filter { !CorpusCase.needsEngine.union(CorpusCase.lifted).contains($0.name) })
    func sameRefusals(_ corpusCase: CorpusCase) throws {
        for (step, golden) in zip(corpusCase.steps, try corpusCase.goldens()) where golden["exit"] != 0 {
            let input = try Corpus.input(step)
            let problems = try #require(throws: ComposeProblems.self) {
                try ComposeReader.desiredStack(input, stackName: "gold")
            }
            let text = problems.description
            for mention in step.mention ?? [] {
                let pattern = try NSRegularExpression(pattern: mention, options: [.caseInsensitive])
                let range = NSRange(text.startIndex..., in: text)
                #expect(pattern.firstMatch(in: text, range: range) != nil, "'\(mention)' is not in: \(text)")
            }
            for problem in problems.problems {
                #expect(step.files.contains { problem.file.hasSuffix($0) })
                #expect(problem.line > 0 && problem.column > 0)
            }
        }
    }

    @Test(
        "what the specification has lifted is read",
        arguments: CorpusCase.all.filter { CorpusCase.lifted.contains($0.name) })
    func lifted(_ corpusCase: CorpusCase) throws {
        for step in corpusCase.steps {
            #expect(try !ComposeReader.desiredStack(try Corpus.input(step), stackName: "gold").services.isEmpty)
        }
    }

    @Test(
        "what only an engine can refuse is read",
        arguments: CorpusCase.all.filter { CorpusCase.needsEngine.contains($0.name) })
    func leftToTheEngine(_ corpusCase: CorpusCase) throws {
        for step in corpusCase.steps {
            let stack = try ComposeReader.desiredStack(try Corpus.input(step), stackName: "gold")
            #expect(!stack.services.isEmpty)
        }
    }
}
