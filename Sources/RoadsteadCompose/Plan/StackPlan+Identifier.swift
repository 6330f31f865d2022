import Crypto
import DockerAPI
import Foundation
import RoadsteadBasics

extension StackPlan {
    /// A short hash of what applying it does: two plans that have it in common do the same.
    ///
    /// Secrets and values of environment variables are not part of it, since a hash of them could be guessed from; that
    /// such a value differs from the live one is.
    ///
    /// - Parameter names: what is made up for each plan, such as the id of a deployment that is not there yet.
    public func identifier(ignoring names: [String] = []) -> String {
        var text = steps.filter(\.isChange).map(Self.words).sorted().joined(separator: "\n")
        for name in names where !name.isEmpty { text = text.replacing(name, with: "") }
        return SHA256.hash(data: Data(text.utf8)).prefix(8).map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }

    private static func words(_ step: PlanStep) -> String { step.json().text() + content(step).text() }

    private static func content(_ step: PlanStep) -> JSONValue {
        switch step.payload.exposed {
        case .none: return .null
        case .network(let network): return WireJSON.value(network)
        case .volume(let nodes): return JSONValue(nodes)
        case .file(var file):
            if step.kind == .secret { file.data = nil }
            return WireJSON.value(file)
        case .service(var spec):
            let variables = spec.taskTemplate.containerSpec?.env
            spec.taskTemplate.containerSpec?.env = variables?.map { String($0.prefix { $0 != "=" }) }.sorted()
            return WireJSON.value(spec)
        }
    }
}
