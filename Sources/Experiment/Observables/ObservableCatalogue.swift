/// Every observable, in the order in which reports show them.
enum ObservableCatalogue {
  static let all: [any ObservableDefinition.Type] = [
    LossObservable.self, AccuracyObservable.self, BatchLossObservable.self, TestLossObservable.self,
    TestAccuracyObservable.self,
    OutputsObservable.self, TestOutputsObservable.self,
    IntegrationObservable.self, GradientNormObservable.self, WeightNormObservable.self, GradientNormsObservable.self,
    WeightNormsObservable.self,
    SharpnessObservable.self, PreconditionedSharpnessObservable.self, HessianEigenvaluesObservable.self,
    HessianDensityObservable.self, HessianTraceObservable.self, GradientNoiseObservable.self,
    PreactivationKernelObservable.self, FeatureKernelObservable.self, EffectiveRankObservable.self,
    FeatureSimilarityObservable.self, LayerJacobianObservable.self,
    TangentKernelObservable.self, TangentKernelLayersObservable.self, FullTangentKernelObservable.self,
    KernelAlignmentObservable.self, KernelDriftObservable.self, KernelVelocityObservable.self,
    TangentDifferentialObservable.self,
  ]

  static func definition(_ key: String) -> (any ObservableDefinition.Type)? { byKey[key] }

  private static let byKey = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })
}
