import GRDB
import RoadsteadBasics

/// Says what SQLite's errors mean for the person who runs the server. SQL never gets into a message.
enum StoreFailure {
    /// The error as `RoadsteadError`; errors that are no database errors pass through.
    static func translate(_ error: any Error, path: String) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        let (code, text) = meaning(error, path: path)
        // The result code and SQLite's own words, but neither the statement nor its values.
        let cause = "SQLite \(error.extendedResultCode.rawValue)" + (error.message.map { ": \($0)" } ?? "")
        return RoadsteadError(code, text, context: ["database": path], cause: StoreCause(description: cause))
    }

    private static func meaning(_ error: DatabaseError, path: String) -> (RoadsteadError.Code, String) {
        switch error.resultCode {
        case .SQLITE_FULL: return (.unavailable, diskFull(path))
        case .SQLITE_IOERR where isFull(error): return (.unavailable, diskFull(path))
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return (.unavailable, "\(path) is locked by another process; stop it and try again")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            return (.unavailable, "\(path) cannot be written; check the owner and mode of the file and its directory")
        case .SQLITE_CANTOPEN:
            return (.unavailable, "\(path) cannot be opened; check that its directory exists and may be written")
        case .SQLITE_CORRUPT:
            return (.internal, "\(path) is damaged; stop the server and restore it from a backup")
        case .SQLITE_NOTADB:
            return (.unsupported, "\(path) is no SQLite database; choose another data directory or restore a backup")
        case .SQLITE_IOERR:
            return (.unavailable, "reading or writing \(path) failed; check the disk that it lies on")
        case .SQLITE_CONSTRAINT:
            return (.conflict, "the change contradicts what is stored; read the document again and repeat the change")
        case .SQLITE_MISUSE:
            return (.unavailable, "\(path) is closed; the server is shutting down")
        // The query's own caps come first; this is for a filter that slips through between them.
        case .SQLITE_ERROR where isTooComplex(error), .SQLITE_TOOBIG:
            return (.invalidInput, "the filter is too complex; compare less at once, with fewer parentheses")
        default:
            return (.internal, "\(path): the database refused an operation; this is a defect, please report it")
        }
    }

    private static func diskFull(_ path: String) -> String {
        "the disk that holds \(path) is full: the change was not saved, nothing else is lost. Free some space and repeat it"
    }

    private static func isTooComplex(_ error: DatabaseError) -> Bool {
        ["parser stack overflow", "Expression tree is too large", "too many "].contains {
            error.message?.hasPrefix($0) ?? false
        }
    }

    /// Where the space for the write-ahead log's index or a page is refused, some file systems report an I/O error.
    private static func isFull(_ error: DatabaseError) -> Bool {
        [.SQLITE_IOERR_SHMSIZE, .SQLITE_IOERR_WRITE, .SQLITE_IOERR_SHMOPEN, .SQLITE_IOERR_SHMMAP]
            .contains(error.extendedResultCode)
    }
}

private struct StoreCause: Error, CustomStringConvertible {
    let description: String
}
