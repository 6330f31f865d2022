import RoadsteadBasics
import RoadsteadControl
import RoadsteadModel
import RoadsteadStore
import Testing

@Suite struct AccountTests {
    private func user(_ template: String, _ values: JSONObject) -> JSONObject {
        ["template": .object((["href": .string("user-template/" + template)] as JSONObject).merging(values))]
    }

    @Test("an account of any parts is made whole: user, logins, address, password; and logs in by each of its names")
    func minimum() async throws {
        let people = try await People.make()
        let body = user("minimum", ["username": "ada", "email": "ada@example.org", "password": "Ada-pass-1"])
        let id = try await people.test.add("user", body, by: .system)
        let document = try await people.test.store.get(id)
        #expect(document["name"] == "ada" && document["state"] == "ACTIVE" && document["method"] == "minimum")
        #expect(document["email"] == "email/5bfcf2d8-e394-3745-9033-2640d72db509")
        #expect(document["acl"]?["owners"] == ["group/nuvla-admin"])
        #expect(document["acl"]?["edit-acl"] == [.string(id.description)])
        for name in ["ada", "ada@example.org"] {
            #expect(try await people.login(name, password: "Ada-pass-1").requester.userID == id.description)
        }
        let own = people.test.scope(.user(id.description))
        let email = try await people.test.resources.query("email", in: own).resources.first
        #expect(email?["validated"] == true && email?["address"] == "ada@example.org")
        #expect(try await people.test.resources.query("user-identifier", in: own).count == 2)
        _ = try await people.test.add("user", user("minimum", [:]), by: .system)
    }

    @Test("who may use which template; those that need e-mail say so")
    func templates() async throws {
        let people = try await People.make()
        let (anonymous, ada) = (Requester.anonymous, Requester.user("user/ada"))
        let names = { (requester: Requester) in
            Set(
                try await people.test.resources.query("user-template", in: people.test.scope(requester)).resources
                    .compactMap { $0["instance"]?.stringValue })
        }
        #expect(try await names(anonymous) == ["email-password"])
        #expect(try await names(ada) == ["email-password", "email-invitation"])
        #expect(try await names(.system).count == 4)
        let values: JSONObject = ["email": "eve@example.org", "password": "Eve-pass-1"]
        for (template, requester, extra) in [
            ("email-password", anonymous, values), ("email-invitation", ada, ["email": "eve@example.org"]),
        ] {
            let error = await people.test.failure {
                _ = try await people.test.add("user", user(template, extra), by: requester)
            }
            #expect(error.code == .unsupported && error.message.contains("SMTP"))
            #expect(ErrorAnswer(error).status == 501)
        }
        let hidden = await people.test.failure {
            _ = try await people.test.add("user", user("minimum", [:]), by: ada)
        }
        #expect(hidden.message == "template cannot be accessed: user-template/minimum")
        #expect(try await people.test.resources.query("user", in: people.test.scope(.system)).count == 1)
    }

    @Test("a name or an address that is taken is a conflict that names it, and nothing is left of the try")
    func taken() async throws {
        let people = try await People.make()
        let body = user("minimum", ["username": "ada", "email": "ada@example.org"])
        _ = try await people.test.add("user", body, by: .system)
        for values in [["username": "ada"], ["username": "new", "email": "ada@example.org"]] as [JSONObject] {
            let error = await people.test.failure {
                _ = try await people.test.add("user", user("minimum", values), by: .system)
            }
            #expect(error.code == .conflict && error.message.contains("taken"))
            #expect(["ada", "ada@example.org"].contains(error.context["resource-id"] ?? ""))
        }
        #expect(try await people.test.resources.query("user", in: people.test.scope(.system)).count == 2)
        _ = try await people.test.add("user", user("minimum", ["username": "new"]), by: .system)
        let weak = await people.test.failure { try await people.add("weak", password: "weak") }
        #expect(weak.code == .invalidInput)
    }

    @Test("a user edits the own account but not its name, state or way in")
    func edit() async throws {
        let people = try await People.make()
        let ada = try #require(ResourceID(try await people.add("ada")))
        let own = people.test.scope(.user(ada.description))
        _ = try await people.test.resources.edit(
            ada,
            [
                "name": "root", "state": "SUSPENDED", "description": "me", "credential-password": "credential/1",
                "method": "x",
            ], in: own)
        let document = try await people.test.store.get(ada)
        #expect(document["name"] == "ada" && document["state"] == "ACTIVE" && document["description"] == "me")
        #expect(document["method"] == "username-password" && document["credential-password"] != "credential/1")
        _ = try await people.test.add("email", ["address": "bob@example.org"], by: .user("user/bob"))
        let stolen = await people.test.failure {
            _ = try await people.test.resources.edit(
                ada, ["email": .string("email/" + NameBasedUUID.make("bob@example.org"))], in: own)
        }
        #expect(stolen.code == .invalidInput)
        let mine = try await people.test.add("email", ["address": "ada@example.org"], by: .user(ada.description))
        let edited = try await people.test.resources.edit(ada, ["email": .string(mine.description)], in: own)
        #expect(edited["email"] == .string(mine.description))
    }

    @Test("who is suspended is logged out at once, keys too, and back again when resumed")
    func suspend() async throws {
        let people = try await People.make()
        let ada = try #require(ResourceID(try await people.add("ada")))
        let session = try await people.login("ada")
        let key = try await people.key(by: session.requester)
        let program = try await people.login(key: key)
        #expect(try await people.alive(session, program) == [true, true])
        let system = people.test.scope(.system)
        _ = try await people.test.resources.edit(ada, ["state": "SUSPENDED"], in: system)
        #expect(try await people.alive(session, program) == [false, false])
        #expect(await people.test.failure { _ = try await people.login("ada") }.code == .forbidden)
        #expect(await people.test.failure { _ = try await people.login(key: key) }.code == .forbidden)
        _ = try await people.test.resources.edit(ada, ["state": "ACTIVE"], in: system)
        _ = try await people.login("ada")
        _ = try await people.login(key: key)
    }

    @Test("a deleted user leaves nothing behind: logins, addresses, credentials, keys, sessions, memberships")
    func delete() async throws {
        let people = try await People.make()
        let body = user("minimum", ["username": "ada", "email": "ada@example.org", "password": "User-pass-1"])
        let ada = try await people.test.add("user", body, by: .system)
        let bob = try await people.add("bob")
        let session = try await people.login("ada")
        _ = try await people.key(by: session.requester)
        let group = try await people.group("ops", by: .user(bob), users: [ada.description])
        let stranger = await people.test.failure {
            _ = try await people.test.resources.delete(ada, in: people.test.scope(.user(bob)))
        }
        #expect(stranger.code == .forbidden)
        #expect(try await people.isAlive(session), "the right is checked before anything is removed")
        _ = try await people.test.resources.delete(ada, in: people.test.scope(session.requester))
        #expect(try await !people.isAlive(session))
        #expect(try await people.test.store.get(group)["users"] == [.string(bob)])
        let text = ada.description
        for type in ["user-identifier", "email", "credential", "session"] {
            let left = try await people.test.store.query(DocumentQuery(type: type)).documents
            #expect(!left.contains { JSONValue.object($0.body).text().contains(text) }, "\(type)")
        }
        _ = try await people.test.add("user", body, by: .system)
    }

    @Test("the last administrator cannot be removed, suspended or taken out of the group")
    func lastAdministrator() async throws {
        let people = try await People.make()
        let admin = try await people.admin()
        let (scope, resources) = (people.test.scope(admin.requester), people.test.resources)
        let id = try #require(admin.requester.userID.flatMap { ResourceID($0) })
        let group = try #require(ResourceID("group/nuvla-admin"))
        let errors = [
            await people.test.failure { _ = try await resources.delete(id, in: scope) },
            await people.test.failure { _ = try await resources.edit(id, ["state": "SUSPENDED"], in: scope) },
            await people.test.failure { _ = try await resources.edit(group, ["users": []], in: scope) },
        ]
        #expect(errors.map(\.code) == [.conflict, .conflict, .conflict])
        let other = try await people.add("root2")
        _ = try await resources.edit(group, ["users": [.string(id.description), .string(other)]], in: scope)
        _ = try await resources.edit(id, ["state": "SUSPENDED"], in: scope)
    }

    @Test("an administrator sets a forgotten password; the user, who might be somebody else by now, does not")
    func setPassword() async throws {
        let people = try await People.make()
        let ada = try #require(ResourceID(try await people.add("ada")))
        let session = try await people.login("ada")
        let set = { (requester: Requester, password: String, id: ResourceID) in
            _ = try await people.test.resources.perform(
                "set-password", on: id, ["new-password": .string(password)], in: people.test.scope(requester))
        }
        let own = await people.test.failure { try await set(session.requester, "Other-pass-1", ada) }
        #expect(own.code == .forbidden)
        let admin = try await people.admin()
        #expect(await people.test.failure { try await set(admin.requester, "weak", ada) }.code == .invalidInput)
        try await set(admin.requester, "Other-pass-1", ada)
        #expect(try await people.alive(session, admin) == [false, true])
        _ = try await people.login("ada", password: "Other-pass-1")
        #expect(await people.test.failure { _ = try await people.login("ada") }.code == .forbidden)
        let bare = try await people.test.add("user", user("minimum", ["username": "bare"]), by: .system)
        try await set(admin.requester, "Bare-pass-1", bare)
        _ = try await people.login("bare", password: "Bare-pass-1")
        let shown = try await people.test.resources.get(ada, in: people.test.scope(admin.requester))
        let rels = shown["operations"]?.arrayValue?.compactMap { $0["rel"]?.stringValue }
        #expect(rels == ["edit", "delete"])
    }

    @Test("a changed password ends the sessions of the old one, but for the one that changed it")
    func changePassword() async throws {
        let people = try await People.make()
        let ada = try #require(ResourceID(try await people.add("ada")))
        let (here, elsewhere) = (try await people.login("ada"), try await people.login("ada"))
        let program = try await people.login(key: try await people.key(by: here.requester))
        let credential = try await people.test.store.get(ada)["credential-password"]?.stringValue
        _ = try await people.test.resources.perform(
            "change-password", on: try #require(credential.flatMap { ResourceID($0) }),
            ["current-password": "User-pass-1", "new-password": "Newer-pass-1"],
            in: people.test.scope(here.requester))
        #expect(try await people.alive(here, program, elsewhere) == [true, true, false])
        _ = try await people.login("ada", password: "Newer-pass-1")
    }

    @Test("administrators add logins; users list their own")
    func identifiers() async throws {
        let people = try await People.make()
        let ada = try await people.add("ada")
        let body: JSONObject = ["identifier": "countess", "parent": .string(ada), "acl": ["owners": ["user/eve"]]]
        let refused = await people.test.failure {
            _ = try await people.test.add("user-identifier", body, by: .user(ada))
        }
        #expect(refused.code == .forbidden)
        let id = try await people.test.add("user-identifier", body, by: .system)
        #expect(id.identifier == NameBasedUUID.make("countess"))
        #expect(try await people.test.store.get(id)["acl"]?["owners"] == ["group/nuvla-admin"])
        _ = try await people.login("countess")
        let again = await people.test.failure { _ = try await people.test.add("user-identifier", body, by: .system) }
        #expect(again.code == .conflict && again.message == "conflict with \(id)")
        let nobody = await people.test.failure {
            _ = try await people.test.add(
                "user-identifier", ["identifier": "x", "parent": "user/nosuch"], by: .system)
        }
        #expect(nobody.code == .invalidInput)
        let own = try await people.test.resources.query("user-identifier", in: people.test.scope(.user(ada)))
        #expect(Set(own.resources.compactMap { $0["identifier"]?.stringValue }) == ["ada", "countess"])
    }

    @Test("any user adds an address, never validated, owned by who added it; validating needs e-mail")
    func emails() async throws {
        let people = try await People.make()
        let eve = Requester.user("user/eve")
        let body: JSONObject = [
            "address": "ada@example.org", "validated": true, "parent": "user/bob", "acl": ["owners": ["user/bob"]],
        ]
        let id = try await people.test.add("email", body, by: eve)
        let shown = try await people.test.resources.get(id, in: people.test.scope(eve))
        #expect(id.description == "email/5bfcf2d8-e394-3745-9033-2640d72db509")
        #expect(shown["validated"] == false && shown["parent"] == "user/eve")
        #expect(shown["acl"]?["owners"] == ["user/eve"])
        let rels = shown["operations"]?.arrayValue?.compactMap { $0["rel"]?.stringValue }
        #expect(rels == ["delete", "validate"])
        let scope = people.test.scope(eve)
        let validate = await people.test.failure {
            _ = try await people.test.resources.perform("validate", on: id, in: scope)
        }
        #expect(validate.code == .unsupported && validate.message.contains("SMTP"))
        #expect(await people.test.failure { _ = try await people.test.add("email", body, by: eve) }.code == .conflict)
        let misfit = await people.test.failure {
            _ = try await people.test.add("email", ["address": "nobody"], by: eve)
        }
        #expect(misfit.code == .invalidInput)
        let anonymous = await people.test.failure {
            _ = try await people.test.add("email", body, by: .anonymous)
        }
        #expect(anonymous.code == .forbidden)
        _ = try await people.test.resources.delete(id, in: scope)
    }
}
