/// On which side of the line through two points a third one lies, without rounding errors.
enum Orientation {
    case left, right, straight

    /// Twice the signed area of a triangle, its sign exact: a quick estimate where its error bound allows, else the sum of
    /// the six products without rounding (J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic and Fast Robust
    /// Geometric Predicates", 1997).
    init(_ a: GeoPoint, _ b: GeoPoint, _ c: GeoPoint) {
        let left = (a.longitude - c.longitude) * (b.latitude - c.latitude)
        let right = (a.latitude - c.latitude) * (b.longitude - c.longitude)
        let estimate = left - right
        // (3 + 16ε)ε of the paper, rounded up.
        let bound = 3.4e-16 * (abs(left) + abs(right))
        let sign = abs(estimate) > bound ? estimate : Self.exact(a, b, c)
        self = sign > 0 ? .left : sign < 0 ? .right : .straight
    }

    /// A number with the sign of the exact sum.
    private static func exact(_ a: GeoPoint, _ b: GeoPoint, _ c: GeoPoint) -> Double {
        var expansion: [Double] = []
        add(a.longitude, b.latitude, to: &expansion)
        add(-a.longitude, c.latitude, to: &expansion)
        add(-c.longitude, b.latitude, to: &expansion)
        add(-a.latitude, b.longitude, to: &expansion)
        add(a.latitude, c.longitude, to: &expansion)
        add(c.latitude, b.longitude, to: &expansion)
        // The components do not overlap and grow: the last one that is not zero decides.
        return expansion.last { $0 != 0 } ?? 0
    }

    private static func add(_ x: Double, _ y: Double, to expansion: inout [Double]) {
        let product = x * y
        grow(&expansion, by: (-product).addingProduct(x, y))
        grow(&expansion, by: product)
    }

    /// Adds one number to a non-overlapping expansion in ascending order.
    private static func grow(_ expansion: inout [Double], by number: Double) {
        var carry = number
        for index in expansion.indices {
            let sum = carry + expansion[index]
            let virtual = sum - carry
            let error = (carry - (sum - virtual)) + (expansion[index] - virtual)
            expansion[index] = error
            carry = sum
        }
        expansion.append(carry)
    }
}
