import RoadsteadClouds

/// Runs `body` with a driver and shuts it down whatever happens: one that is dropped open ends the whole test run.
func using<Driver: CloudDriver>(_ driver: Driver, _ body: (Driver) async throws -> Void) async throws {
    do { try await body(driver) } catch {
        await driver.shutdown()
        throw error
    }
    await driver.shutdown()
}
