import ArgumentParser
import RoadsteadModel

extension ShareRight: ExpressibleByArgument {}
