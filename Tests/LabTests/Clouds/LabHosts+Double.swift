import Foundation
import RoadsteadTestKit

extension LabHosts {
    /// A double whose machines are hosts of this lab; `layer`: what is installed on them when they boot first.
    func double(_ script: String, layer: String = "") async throws -> CloudDouble {
        try await CloudDouble(
            script, arguments: ["--lab", Program.repository.appending(path: "Lab").path],
            environment: ["LAB_NAME": name, "LAB_NET": try network(), "LAB_LAYER": layer])
    }
}
