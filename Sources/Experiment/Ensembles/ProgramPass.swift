import OrreryNetworks
import OrreryTensors

/// The plain pass: any network, by its program, all weights at once.
final class ProgramPass<Scalar: TrainingScalar>: InitializationPass {
  /// What all passes of one network share.
  struct Setting: Sendable {
    let program: Program
    let parameters: NetworkParameters
    /// What running averages are before training, in order.
    let averages: [Double]
    let layers: [SignalLayer]
    /// ℓ of the layers whose inputs are shown.
    let dense: [Int]
    let samples: Int

    /// The function that the network is before its first step: running averages as they begin, no dropout.
    ///
    /// - Throws: ``ExperimentError`` for a layer that Experiment cannot run; `NetworkError` for shapes that do not fit.
    init(_ network: ResolvedNetwork, samples: Int) throws {
      let lowered = try network.lowered(samples: samples, mode: .evaluation)
      let places = try network.weightLayers()
      let layers = try network.signalLayers()
      let dense = layers.indices.filter { layers[$0].isDense }.map { $0 + 1 }
      (self.layers, self.dense) = (layers, dense)
      program = Program(
        lowered.graph, inlets: (lowered.given + [lowered.input]).map { .init($0) }, outputs: [],
        keeping: places.map { lowered.leaving($0) } + dense.map { lowered.entering(places[$0 - 1]) })
      parameters = try NetworkParameters(network)
      averages = lowered.averages.map(\.initial)
      self.samples = samples
    }
  }

  private let setting: Setting
  private let arena: Arena<Scalar>
  private let seed: UInt64

  /// - Parameter inputs: shape (samples, numbers of a sample).
  init(_ setting: Setting, inputs: Matrix<Double>, seed: UInt64) {
    self.setting = setting
    self.seed = seed
    arena = Scalar.arena(setting.program)
    let given = setting.program.inputs.count - 1
    for (place, value) in setting.averages.enumerated() {
      arena.input(given - setting.averages.count + place).update(repeating: Scalar(value))
    }
    let x = arena.input(given)
    inputs.withUnsafeBuffer { source in
      for i in 0..<source.count { x[i] = Scalar(source[i]) }
    }
  }

  func run(member: Int, entering: Observer, leaving: Observer) {
    setting.parameters.draw(arena.base, seed: seed, member: member)
    arena.run()
    func show(_ place: Int, _ layer: Int, _ width: Int, _ observer: Observer) {
      observer(layer, UnsafePointer(arena.kept(place).baseAddress!), width)
    }
    for (place, layer) in setting.dense.enumerated() {
      show(setting.layers.count + place, layer, setting.layers[layer - 1].inputs, entering)
    }
    for (index, layer) in setting.layers.enumerated() { show(index, index + 1, layer.width, leaving) }
  }
}
