import HTTPCalls

extension AmazonEC2Driver {
    /// `DescribeAvailabilityZones`, `DescribeInstanceTypes` (x86-64, of the current generation), `DescribeImages`.
    public func catalog() async throws(CloudError) -> CloudCatalog {
        let zones = try await zones()
        let sizes = try await sizes()
        return CloudCatalog(zones: zones, sizes: sizes, images: try await images())
    }

    /// The region's zones that machines can be made in, by name.
    func zones() async throws(CloudError) -> [String] {
        let query = EC2Query("DescribeAvailabilityZones").filter("state", "available")
            .filter("zone-type", "availability-zone")
        return try await ec2.whole(query, in: "availabilityZoneInfo").compactMap { $0.text("zoneName") }.sorted()
    }

    private func sizes() async throws(CloudError) -> [CloudCatalog.Size] {
        let query = EC2Query("DescribeInstanceTypes").filter("current-generation", "true")
            .filter("bare-metal", "false").filter("processor-info.supported-architecture", "x86_64")
        let types = try await ec2.items(query, in: "instanceTypeSet", pageSize: min(ec2.pageSize, 100))
            .compactMap(Self.size)
        let named = EC2Size.names.compactMap { name, type in
            types.first { $0.id == type }.map { size in
                CloudCatalog.Size(id: size.id, name: name, cores: size.cores, memory: size.memory)
            }
        }
        return named + types.sorted { ($0.cores, $0.memory, $0.name) < ($1.cores, $1.memory, $1.name) }
    }

    private static func size(_ item: XMLElement) -> CloudCatalog.Size? {
        guard let type = item.text("instanceType"),
            let cores = item["vCpuInfo"]?.text("defaultVCpus").flatMap({ Int($0) }),
            let memory = item["memoryInfo"]?.text("sizeInMiB").flatMap({ Int($0) })
        else { return nil }
        return CloudCatalog.Size(id: type, name: type, cores: cores, memory: memory)
    }

    /// The size is any type that the region has, also one that the catalogue leaves out.
    public func look(for machine: MachineRequest, in zones: [String]) async throws(CloudError) {
        let known = try await self.zones()
        for zone in zones where !known.contains(zone) {
            throw .unknown(zone, "this region of EC2 has no zone '\(zone)' for the account", among: known)
        }
        let type = EC2Size.type(machine.size)
        let query = EC2Query("DescribeInstanceTypes").list("InstanceType", [type])
        let codes: Set = ["InvalidInstanceType", "InvalidInstanceType.NotFound"]
        if try await ec2.whole(query, in: "instanceTypeSet", excusing: codes).isEmpty {
            throw .unknown(
                machine.size, "EC2 has no size '\(machine.size)' in this region", among: try await sizes().map(\.name))
        }
        _ = try await image(machine.image)
    }

    private func images() async throws(CloudError) -> [CloudCatalog.Image] {
        let found = try await newest(EC2Image.known)
        return EC2Image.known.compactMap { image in
            found[image.name].map { CloudCatalog.Image(id: $0.id, name: image.name, user: image.user) }
        }
    }

    /// By its name in the catalogue, or any image that the account may use by its id (`ami-…`).
    func image(_ text: String) async throws(CloudError) -> EC2Image.Found {
        if let known = EC2Image.known.first(where: { $0.name == text }) {
            guard let found = try await newest([known])[text] else {
                throw CloudError(.invalidRequest, "EC2 has no image '\(text)' in this region; name one by its id")
            }
            return found
        }
        guard text.hasPrefix("ami-") else {
            throw .unknown(
                text, "EC2 has no image '\(text)', which is no id as ami-0123456789 either",
                among: EC2Image.known.map(\.name))
        }
        let query = EC2Query("DescribeImages").list("ImageId", [text])
        let codes: Set = ["InvalidAMIID.NotFound", "InvalidAMIID.Malformed", "InvalidAMIID.Unavailable"]
        let items = try await ec2.whole(query, in: "imagesSet", excusing: codes)
        guard let found = items.first.flatMap(EC2Image.Found.init) else {
            throw CloudError(.invalidRequest, "EC2 has no image '\(text)' in this region that the account may use")
        }
        return found
    }

    /// `DescribeImages` of the publishers, by the names of `images`.
    private func newest(_ images: [EC2Image]) async throws(CloudError) -> [String: EC2Image.Found] {
        let query = EC2Query("DescribeImages").list("Owner", Set(images.map(\.owner)).sorted())
            .filter("name", images.map { $0.prefix + "*" }).filter("state", "available")
            .filter("architecture", "x86_64")
        let items = try await ec2.whole(query, in: "imagesSet")
        var found: [String: EC2Image.Found] = [:]
        for image in images {
            let own = items.filter {
                $0.text("imageOwnerId") == image.owner && $0.text("name")?.hasPrefix(image.prefix) == true
            }
            let newest = own.max { ($0.text("creationDate") ?? "") < ($1.text("creationDate") ?? "") }
            found[image.name] = newest.flatMap(EC2Image.Found.init)
        }
        return found
    }
}
