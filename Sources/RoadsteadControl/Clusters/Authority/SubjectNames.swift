import RoadsteadBasics
import SwiftASN1
import X509

/// The names and addresses that a server's certificate is for (RFC 5280, 4.2.1.6).
enum SubjectNames {
    static func make(names: [String], addresses: [String]) throws(RoadsteadError) -> [GeneralName] {
        var result: [GeneralName] = []
        for name in names {
            guard (1...253).contains(name.utf8.count), name.utf8.allSatisfy(isNameByte) else {
                throw RoadsteadError(.invalidInput, "'\(name)' is no host name that a certificate could be for")
            }
            add(.dnsName(name), to: &result)
        }
        for address in addresses {
            let range = try CIDR(address)
            guard range.isAddress else {
                throw RoadsteadError(.invalidInput, "'\(address)' is a range; a certificate is for single addresses")
            }
            add(.ipAddress(ASN1OctetString(contentBytes: range.bytes[...])), to: &result)
        }
        guard !result.isEmpty else {
            throw RoadsteadError(.invalidInput, "a server's certificate needs a name or an address")
        }
        return result
    }

    private static func add(_ name: GeneralName, to result: inout [GeneralName]) {
        if !result.contains(name) { result.append(name) }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (97...122).contains(byte | 0x20) && byte > 64 || (48...57).contains(byte) || "-._".utf8.contains(byte)
    }
}
