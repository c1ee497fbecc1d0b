import OrreryNetworks

/// Every law that this laboratory can confront, by chapter.
public enum LawCatalogue {
  public static let all: [any Law.Type] = [
    ThreePhases.self, DisturbanceGrowth.self, ClassCollapse.self, CriticalPointsHold.self,
    OutputGaussianity.self, VertexGrowth.self, SkipConnections.self, AspectRatioCollapse.self,
    TangentKernelFluctuations.self, Calibration.self,
    RepresentationLearning.self, TrainedCorrection.self, KinkMotion.self, BiasAndVariance.self,
    DepthAgainstWidth.self,
    NextOrder.self, ThreePredictors.self, TruncationSeries.self, SparseDescription.self, OptimalAspectRatio.self,
  ]

  /// The law of a name.
  ///
  /// - Throws: ``UnknownLaw``, with the nearest right name.
  public static func law(_ key: String) throws -> any Law.Type {
    guard let law = all.first(where: { $0.key == key }) else { throw UnknownLaw(key: key) }
    return law
  }
}

/// A name that is no law's.
public struct UnknownLaw: Error, Hashable, Sendable, CustomStringConvertible {
  public var key: String

  public var description: String {
    "There is no law '\(key)'; " + Spelling.remedy(for: key, among: LawCatalogue.all.map { $0.key })
  }
}
