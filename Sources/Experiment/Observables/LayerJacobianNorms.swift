import OrreryAnalysis
import OrreryNetworks
import OrreryTensors

/// Averaged squared Jacobians between layers with weights (D. Doshi, T. He, A. Gromov, arXiv:2111.12143, partial Jacobians),
///
///     𝒥^(ℓ,m) = (1/n_m) Σ_ij (∂z^(m)_i/∂z^(ℓ)_j)², averaged over samples,
///
/// from random signs v on layer m: 𝒥 = E |Jᵀv|²/n_m. Errors are over probes.
final class LayerJacobianNorms<Scalar: TrainingScalar> {
  struct Programs: Sendable {
    let program: Program
    let samples: Int
    let layers: Int
    /// Elements that are given: parameters and, behind them, running averages.
    let givenCount: Int

    init(_ network: ResolvedNetwork, samples: Int, isParallel: Bool) throws {
      let lowered = try network.lowered(samples: samples, mode: .evaluation)
      let values = try network.weightLayers().map { lowered.leaving($0) }
      var graph = lowered.graph
      var inlets = (lowered.given + [lowered.input]).map { Program.Inlet($0) }
      var kept: [Value] = []
      // Layer by layer, then from the last to all before it.
      for place in 1..<max(1, values.count) {
        let cotangent = graph.input(graph.shape(values[place]))
        inlets.append(.init(cotangent, stage: 1))
        let target = [values[place - 1]]
        kept += graph.zeroFilled(try graph.pullback([(values[place], cotangent)], to: target), like: target)
      }
      if values.count > 1, let last = values.last {
        let cotangent = graph.input(graph.shape(last))
        inlets.append(.init(cotangent, stage: 1))
        let targets = Array(values.dropLast())
        kept += graph.zeroFilled(try graph.pullback([(last, cotangent)], to: targets), like: targets)
      }
      program = Program(graph, inlets: inlets, outputs: [], keeping: kept, isParallel: isParallel)
      self.samples = samples
      layers = values.count
      givenCount = graph.count(lowered.given)
    }
  }

  private let programs: Programs
  private let arena: Arena<Scalar>

  init(_ programs: Programs) {
    self.programs = programs
    arena = Scalar.arena(programs.program)
  }

  /// 𝒥^(ℓ,ℓ+1) and 𝒥^(ℓ,L), ℓ = 1 … L − 1, with standard errors.
  func run(
    _ parameters: UnsafePointer<Scalar>, inputs: UnsafePointer<Scalar>, probes: Int, seed: UInt64
  ) -> (steps: [Estimate], outputs: [Estimate]) {
    let pairs = programs.layers - 1
    guard pairs > 0 else { return ([], []) }
    arena.base.update(from: parameters, count: programs.givenCount)
    let first = arena.program.inputs.count - pairs - 1
    let x = arena.input(first - 1)
    x.baseAddress!.update(from: inputs, count: x.count)
    arena.run(stage: 0)
    var values = [[Double]](repeating: [], count: 2 * pairs)
    for probe in 0..<probes {
      for place in 0...pairs {
        Scalar.fillSigns(
          arena.input(first + place),
          RandomStream(seed: seed, purpose: .probe, member: place, layer: probe, step: 3))
      }
      arena.run(stage: 1)
      for place in 0..<(2 * pairs) {
        let part = arena.kept(place)
        // Of layer m, for one sample, times samples.
        let units = Double(arena.input(first + min(place, pairs)).count)
        values[place].append(
          ArrayArithmetic.dot(UnsafePointer(part.baseAddress!), part.baseAddress!, count: part.count) / units)
      }
    }
    let results = values.map { Statistics.mean($0) }
    return (Array(results[0..<pairs]), Array(results[pairs...]))
  }
}
