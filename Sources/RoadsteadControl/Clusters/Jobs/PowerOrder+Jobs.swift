import RoadsteadBasics
import RoadsteadClouds
import RoadsteadModel

/// Orders as actions on machines and as jobs.
extension PowerOrder {
    var jobAction: String { rawValue + "_machine" }

    /// What the machine is afterwards.
    var result: MachineState { [.start, .restart].contains(self) ? .running : .stopped }

    /// Whether the driver does it rather than the machine's own system.
    static func isDriven(by driver: (any CloudDriver)?) -> Bool { driver?.features.contains(.power) ?? false }

    /// Throws `unsupported` for what nobody can do from here.
    func check(_ machine: MachineDocument, driver: (any CloudDriver)?) throws(RoadsteadError) {
        guard !Self.isDriven(by: driver), [.start, .kill].contains(self) else { return }
        throw RoadsteadError(
            .unsupported,
            "driver \(machine.driver) switches nothing: \(rawValue) \(machine.name) where it stands, or by its provider's "
                + "console")
    }
}
