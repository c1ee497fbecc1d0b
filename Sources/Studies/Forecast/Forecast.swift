import OrreryFindings
import OrreryNetworks

/// Everything that theory says of a study before anything is run: the page that an engineer acts on, and the numbers
/// behind it.
public struct Forecast: Hashable, Codable, Sendable {
  /// The version of this value's JSON form.
  ///
  /// 2: fluctuations and the expansion are missing where weights depend on each other. 3: `finiteWidth`. 4: of residual perceptrons too,
  /// whose layers have `threePointCorrelation` and no decorrelation; `study.network` is that of any network. 5: `laws`.
  public static let schemaVersion = 5

  public var schema = Forecast.schemaVersion
  /// "30 hidden × 256, gelu, fashion-mnist, cross-entropy, Adam, batch 128, float32".
  public var subject: String
  /// The swept settings of this point; empty without a sweep.
  public var label: String
  public var study: ResolvedStudy<ResolvedNetwork>
  /// What to conclude, most important first.
  public var verdict: [Statement]
  /// Nil where weights depend on each other, of which no theory of finite width is known here.
  public var expansion: ExpansionParameter?
  /// What finite width does at order 1/n; nil where it is not forecast, of which ``notSaid`` tells the reason.
  public var finiteWidth: FiniteWidth?
  /// How the data enter: ∣x∣²/n_0 and the correlation of a typical pair of inputs.
  public var inputs: InputStatistics
  /// The study's own initialization and those it is compared with.
  public var initializations: [InitializationForecast]
  /// Every layer of the study's own network.
  public var layers: [LayerForecast]
  public var criticality: CriticalityForecast
  /// Every fixed point of the kernel with the hidden layers' C_b and C_W, in order of K*.
  public var fixedPoints: [FixedPoint]
  /// What to change, most decisive first.
  public var changes: [String]
  /// What is not forecast, and why.
  public var notSaid: [String]
  public var predictions: [Prediction]
  /// The laws and methods behind all of it, in their usual order.
  public var laws: [Source] = []

  /// The network as a perceptron; nil where it is none.
  var perceptron: PerceptronView? { study.network.perceptron }
  /// L.
  var layerCount: Int { layers.count }

  /// A sentence with its tone.
  public struct Statement: Hashable, Codable, Sendable {
    public enum Tone: String, Codable, Sendable { case good, caution, bad, neutral }
    public var tone: Tone
    public var text: String
  }

  /// How far from infinite width the network is.
  public struct ExpansionParameter: Hashable, Codable, Sendable {
    /// L/n, n the harmonic mean of the hidden widths.
    public var aspectRatio: Double
    /// ν: V/K² → νℓ at criticality; where there is no critical point, V/K² of the own output over L.
    public var slope: Double
    /// ν L/n.
    public var coupling: Double
    /// Whether ν is that of the critical point.
    public var isCritical: Bool
    /// V/(n K²): the relative variance of the own output kernel over networks, at order 1/n.
    public var relativeVariance: Double
    /// "effectively infinite", "perturbative" or "strongly coupled".
    public var verdict: String
  }

  /// One initialization beside others: a column of the first page.
  public struct InitializationForecast: Hashable, Codable, Sendable {
    public var name: String
    public var isOwn: Bool
    public var layers: [LayerInitialization]
    /// K^(L) at infinite width, on an input of typical norm.
    public var outputKernel: Double
    /// The central 95 % of one network's output kernel over K^(L), from the Gram-matrix chain.
    public var outputKernelRange: ClosedInterval?
    /// The central 90 % over the data's inputs of K^(L) at infinite width, over that of typical norm; nil where inputs are
    /// equally long.
    public var outputKernelOverData: ClosedInterval?
    /// The correlation of a typical pair of inputs at the output; nil where it is not forecast.
    public var outputCorrelation: Double?
    /// 1 − that correlation, which does not round to 0.
    public var outputDecorrelation: Double?
    /// What gradients and differences between inputs do; nil without an optimizer, or where kernels overflow.
    public var trainability: TrainabilityForecast?
  }

  /// What an optimizer in a given precision meets, with one initialization.
  public struct TrainabilityForecast: Hashable, Codable, Sendable {
    public var trains: Bool
    /// Whether theory leaves the question open; `trains` is false then.
    public var isOpen: Bool
    /// The root mean square over networks and batches of the loss's gradient with respect to a first-layer weight (in the
    /// parametrization's own units), averaged over a batch of the data.
    public var firstLayerGradient: Double
    /// "ok", "frozen", "overflow" or "in doubt": that gradient against the optimizer's ε and the precision's range.
    public var gradientVerdict: String
    /// The number of hidden layers after which the difference of two inputs is below rounding; nil if beyond the depth.
    public var horizon: Int?
    /// What decides, in a sentence.
    public var reason: String
    /// The key of the law that decides.
    public var law: String?
    /// Whether values are forecast to leave the precision's range.
    public var overflows: Bool
  }

  public struct ClosedInterval: Hashable, Codable, Sendable {
    public var lower: Double
    public var upper: Double
  }

  /// One layer of the study's own network, on an input of typical norm and a pair of typical correlation.
  public struct LayerForecast: Hashable, Codable, Sendable {
    public var layer: Int
    public var kernel: Double
    /// 1 − c of the pair; nil where it is not forecast.
    public var decorrelation: Double?
    /// Θ; nil behind an activation that jumps, of residual networks.
    public var neuralTangentKernel: Double?
    /// Of the step to the next layer; nil in a residual network's last.
    public var parallelSusceptibility: Double?
    public var perpendicularSusceptibility: Double?
    /// V/n: the leading variance of Ĝ over networks; nil behind weights that depend on each other.
    public var kernelVariance: Double?
    /// G1/n: the leading shift of the mean kernel; nil likewise.
    public var kernelShift: Double?
    /// T₃/n: E z_i z_j² of two neurons; nil but of residual networks' streams.
    public var threePointCorrelation: Double?
    /// The root mean square of the loss's gradient with respect to this layer's weights; nil without an optimizer.
    public var weightGradient: Double?
  }

  public struct CriticalityForecast: Hashable, Codable, Sendable {
    public var points: [CriticalPointForecast]
    /// Why there is none to build on.
    public var reason: String?
  }

  /// One critical point of the activation.
  public struct CriticalPointForecast: Hashable, Codable, Sendable {
    /// True for the one that `critical` takes.
    public var isTaken: Bool
    public var weightVariance: Double
    public var biasVariance: Double
    /// K*; nil where every kernel is fixed.
    public var kernel: Double?
    public var universalityClass: String
    public var stability: String
    /// ν: V/K² → νℓ.
    public var slope: Double
    /// How kernel and susceptibilities go with depth.
    public var asymptotics: String
    /// What the first layer is given, in a sentence.
    public var firstLayer: String
    /// λ_b and λ_W of each layer, up to one factor each, for which every layer adds the same share to the NTK.
    public var learningRates: [LearningRates]

    public struct LearningRates: Hashable, Codable, Sendable {
      public var bias: Double
      public var weight: Double
    }
  }
}
