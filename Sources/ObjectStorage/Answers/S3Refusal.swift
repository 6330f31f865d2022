import HTTPCalls

/// What a store's refusal means: from the HTTP status and the `<Error>` document.
enum S3Refusal {
    static func error(_ reply: HTTPReply, endpoint: String) -> ObjectStorageError {
        let document = XMLElement(reply.body).flatMap { $0.name == "Error" ? $0 : nil }
        guard let code = document?.text("Code") else { return withoutDocument(reply, endpoint: endpoint) }
        let region = document?.text("Region") ?? reply.header("x-amz-bucket-region")
        let kind = kind(code, status: reply.status, region: region)
        return ObjectStorageError(kind, words(kind, code: shown(code), status: reply.status), endpoint: endpoint)
    }

    /// A HEAD has no body; otherwise an S3 store always says its code.
    private static func withoutDocument(_ reply: HTTPReply, endpoint: String) -> ObjectStorageError {
        guard reply.body.isEmpty, reply.header("x-amz-request-id") != nil else {
            return ObjectStorageError(
                .notS3, "what answers there (status \(reply.status)) is no S3 store", endpoint: endpoint)
        }
        let kind: ObjectStorageError.Kind =
            switch reply.status {
            case 403: .accessDenied
            case 404: .noSuchObject
            default: .refused(status: reply.status, code: "")
            }
        return ObjectStorageError(kind, words(kind, code: "", status: reply.status), endpoint: endpoint)
    }

    private static func kind(_ code: String, status: Int, region: String?) -> ObjectStorageError.Kind {
        switch code {
        case "InvalidAccessKeyId": .unknownKey
        case "SignatureDoesNotMatch": .wrongSecret
        case "AccessDenied", "AllAccessDisabled": .accessDenied
        case "RequestTimeTooSkewed", "RequestExpired": .clockSkew
        case "NoSuchBucket": .noSuchBucket
        case "NoSuchKey": .noSuchObject
        case "BucketAlreadyExists", "BucketAlreadyOwnedByYou": .bucketExists
        case "BucketNotEmpty": .bucketNotEmpty
        case "AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException":
            .wrongRegion(region)
        default: .refused(status: status, code: shown(code))
        }
    }

    private static func words(_ kind: ObjectStorageError.Kind, code: String, status: Int) -> String {
        switch kind {
        case .unknownKey: "the store does not know the access key"
        case .wrongSecret: "the secret key does not belong to the access key"
        case .accessDenied: "the key may not do this"
        case .clockSkew: "the clocks of this server and of the store differ too much"
        case .noSuchBucket: "there is no such bucket"
        case .noSuchObject: "there is no such object"
        case .bucketExists: "the bucket exists already"
        case .bucketNotEmpty: "the bucket is not empty"
        case .wrongRegion(let region): "the store is in another region" + (region.map { ": \(shown($0))" } ?? "")
        default: "the store refused with status \(status)" + (code.isEmpty ? "" : " (\(code))")
        }
    }

    /// A code is a word; what is longer or stranger is not handed on.
    private static func shown(_ code: String) -> String {
        let isPlain =
            code.utf8.count <= 64 && code.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        return isPlain ? code : "unreadable code"
    }
}
