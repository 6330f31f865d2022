import RoadsteadBasics
import RoadsteadModel
import Testing

@Suite struct ResourceMetadataTests {
    private func attribute(_ name: String, of type: ResourceType) -> JSONValue? {
        let document = ResourceMetadata.documents(of: type, at: Instant(millisecondsSinceEpoch: 0))[0]
        return document["attributes"]?.arrayValue?.first { $0["name"]?.stringValue == name }
    }

    @Test(
        "the types about people, their attributes and those of their templates say what they are",
        arguments: ["user", "user-identifier", "email", "session", "group"])
    func described(_ name: String) throws {
        let type = try #require(ResourceType.all.first { $0.name == name })
        #expect(type.description != nil, "\(type.name)")
        let attributes = type.schema.attributes + type.subtypes.values.flatMap(\.attributes)
        for attribute in attributes where !attribute.traits.contains(.hidden) {
            #expect(attribute.description != nil, "\(type.name) \(attribute.name)")
        }
        for template in type.templates {
            for attribute in template.schema.attributes {
                #expect(attribute.description != nil, "\(type.name)-template/\(template.identifier) \(attribute.name)")
            }
        }
    }

    @Test("places are told as points and shapes, and what the full text has is marked")
    func kinds() {
        #expect(attribute("location", of: .dataRecord)?["type"] == "geo-point")
        #expect(attribute("geometry", of: .dataRecord)?["type"] == "geo-shape")
        #expect(attribute("bytes", of: .dataRecord)?["type"] == "integer")
        #expect(attribute("description", of: .dataRecord)?["fulltext"] == true)
        #expect(attribute("content-type", of: .dataRecord)?["fulltext"] == false)
    }
}
