import RoadsteadBasics

/// Reads a document written as JSON text; what a server would send.
func document(_ text: String) -> JSONObject {
    guard let object = (try? JSONValue.parse(text))?.objectValue else {
        preconditionFailure("not a JSON object: \(text)")
    }
    return object
}

/// The code of the error that `body` throws; nil when it throws none.
func code(_ body: () throws -> Void) -> RoadsteadError.Code? {
    do {
        try body()
        return nil
    } catch { return (error as? RoadsteadError)?.code }
}

/// The message of the error that `body` throws.
func message(_ body: () throws -> Void) -> String {
    do {
        try body()
        return ""
    } catch { return (error as? RoadsteadError)?.message ?? String(describing: error) }
}
