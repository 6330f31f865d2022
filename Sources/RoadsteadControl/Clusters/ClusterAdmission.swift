import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// Whether a specification can be carried out by this server for this caller.
struct ClusterAdmission {
    let scope: RequestScope
    let tools: ClusterTools

    /// Throws `invalidInput`, naming the attribute; `forbidden` for a credential that is not the caller's to see, and for
    /// a host that is this server's own machine.
    func check(_ specification: ClusterSpecification) async throws {
        try tools.drivers.check(specification.driver)
        for host in specification.hosts {
            for address in [host.address, host.jump?.address].compactMap(\.self) {
                try await LocalEndpointRules(scope: scope).check("ssh://" + Self.bracketed(address))
            }
        }
        try await checkCredential(of: specification)
        try checkWay(specification)
    }

    private static func bracketed(_ address: String) -> String {
        address.contains(":") ? "[\(address)]" : address
    }

    private func checkCredential(of specification: ClusterSpecification) async throws {
        guard let subtype = tools.drivers.credentialSubtype(of: specification.driver) else { return }
        guard let id = specification.credential else {
            throw RoadsteadError(
                .invalidInput,
                "driver \(specification.driver) needs a credential of subtype \(subtype): set credential to its id")
        }
        let credential = try await scope.get(id, with: .viewMeta)
        guard credential["subtype"]?.stringValue == subtype else {
            throw RoadsteadError(
                .invalidInput,
                "\(id) is of subtype \(credential["subtype"]?.stringValue ?? "?"); driver \(specification.driver) needs "
                    + "one of subtype \(subtype)")
        }
        if let driver = credential["driver"]?.stringValue, driver != specification.driver {
            throw RoadsteadError(
                .invalidInput, "\(id) is for driver \(driver), not \(specification.driver); give one that is for it")
        }
        if specification.isGeneric, credential["private-key"] == nil {
            throw RoadsteadError(
                .invalidInput,
                "\(id) has only the public part of its key; make a credential that keeps the private one, too")
        }
    }

    private func checkWay(_ specification: ClusterSpecification) throws(RoadsteadError) {
        guard !specification.isGeneric,
            !ClusterDoors(specification: specification, controlPlane: tools.publicAddresses).isReachable
        else { return }
        throw RoadsteadError(
            .invalidInput,
            "ssh-access would keep this server out, whose own address is not known: start it with "
                + "ROADSTEAD_PUBLIC_ADDRESS, or leave ssh-access out")
    }
}
