import Foundation
import OrreryTensors

/// The records of one run as Markdown.
struct ResultTable {
  let records: [Record]

  /// All runs of one case.
  private func values(_ who: String, _ name: String, _ memory: String? = nil) -> [Double] {
    records.filter { $0.who == who && $0.name == name && (memory == nil || $0.memory == memory) }.flatMap(\.values)
  }

  /// The least processor time of one case, in whatever memory.
  private func processor(_ who: String, _ name: String) -> Double? {
    records.filter { $0.who == who && $0.name == name }.compactMap { $0.processor?.min() }.min()
  }

  private func error(_ who: String, _ name: String) -> Double? {
    records.filter { $0.who == who && $0.name == name }.compactMap(\.error).max()
  }

  /// A machine's rate: the best of its runs, the most for rates and the least for times.
  func rate(_ name: String) -> Double {
    let found = records.filter { $0.who == "machine" && $0.name == name }
    let isTime = found.first?.note == "s"
    let all = found.flatMap(\.values)
    return (isTime ? all.min() : all.max()) ?? .nan
  }

  private func note(_ who: String, _ name: String) -> String? {
    records.first { $0.who == who && $0.name == name }?.note
  }

  var markdown: String {
    ([heading, kernels, ensembles, training, derivatives, convolution, finiteWidth, commands, elementwise, limits]
      as [String])
      .filter {
        !$0.isEmpty
      }
      .joined(separator: "\n\n") + "\n"
  }

  // MARK: - Parts

  private var heading: String {
    let versions = note("peer", "versions") ?? "no peer was run"
    let machine = note("machine", "description") ?? "unknown machine"
    let load = note("machine", "load").map { ", load average \($0) when the run began" } ?? ""
    return "\(note("machine", "date") ?? ""). \(machine)\(load). Peer: \(versions)."
  }

  private var kernels: String {
    var lines = [
      "| NNGP and NTK, d = 784 | ours, fresh | ours, reused | peer, fresh | peer, reused | ratio | "
        + "ratio of processor times | to reach | our error | "
        + "peer's error | limit | times the limit; what the limit is made of |",
      "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for kernelCase in KernelCase.all {
      let name = kernelCase.name
      let ours = ["fresh", "reused"].map { values("orrery", name, $0) }
      let peer = ["fresh", "reused"].map { values("peer", kernelCase.peerName, $0) }
      // Processor time over all threads, so that other work on the machine counts little.
      guard let best = processor("orrery", name).map({ $0 / Double(Parallel.threads) }) else { continue }
      let ratios = zip(ours, peer).map { Self.ratio($1.min(), $0.min()) }.joined(separator: " / ")
      let model = LimitModel(kernelCase, features: 784, isFresh: false, cores: Parallel.threads, rate: rate)
      let isSame = kernelCase.peerName == name
      lines.append(
        "| \(kernelCase.title) | \(Self.times(ours[0])) | \(Self.times(ours[1])) | "
          + "\(Self.times(peer[0]))\(isSame ? "" : " (n = 200)") | \(Self.times(peer[1]))\(isSame ? "" : " (n = 200)") | "
          + "\(isSame ? ratios : "–") | "
          + "\(isSame ? Self.ratio(processor("peer", name), processor("orrery", name)) : "–") | \(Self.target(kernelCase)) | \(Self.scientific(error("orrery", name))) | "
          + "\(Self.scientific(error("peer", kernelCase.peerName))) | \(Self.time(model.seconds)) | "
          + "\(Self.number(best / model.seconds)) ×: \(model.text) |")
    }
    return lines.joined(separator: "\n")
  }

  private var ensembles: String {
    let name = EnsembleMeasurement.name
    let peer = values("peer", name)
    let normals = Double(EnsembleMeasurement.width * EnsembleMeasurement.depth * EnsembleMeasurement.samples)
    let cores = Double(Parallel.threads)
    let least = normals * (1 / rate("normals-float32") + rate("tanh-float32")) / cores
    let weights = Double(64 * 64 * EnsembleMeasurement.depth + 64) / rate("normals-float32") / cores
    let rows: [(String, String, Double, String)] = [
      ("Gram chain: means and variances of all kernels", "chain", least, "normals and tanh; Gram sums and factors"),
      ("Gram chain, and covariances of all entries", "chain-covariances", least, "36 × 36 covariances a layer"),
      ("real networks (every weight drawn)", "networks", weights, "normals; small products, kernels recorded"),
    ]
    var lines = [
      "| networks at initialization: tanh, width 64, depth 5, 8 inputs | ours, per network | peer, per network | ratio | "
        + "ratio of processor times | to reach | limit | times the limit; beside normals |",
      "|---|---|---|---|---|---|---|---|",
    ]
    for (title, kind, limit, why) in rows {
      let ours = values("orrery", "\(name)-\(kind)")
      guard let best = ours.min() else { continue }
      lines.append(
        "| \(title) | \(Self.times(ours)) | \(Self.times(peer)) | \(Self.ratio(peer.min(), best)) | "
          + "\(Self.ratio(processor("peer", name), processor("orrery", "\(name)-\(kind)"))) | "
          + "\(kind == "chain" ? "≥ 25" : "–") | \(Self.time(limit)) | \(Self.number((processor("orrery", "\(name)-\(kind)") ?? .nan) / cores / limit)) ×: \(why) |"
      )
    }
    return lines.count > 2 ? lines.joined(separator: "\n") : ""
  }

  private var training: String {
    var lines = [
      "| training, f32: tanh, 4 hidden layers, 64 inputs, 10 outputs | ours | JAX | ratio | ratio of processor times | to reach | "
        + "ours, GFLOP/s | of all cores' matrix product |",
      "|---|---|---|---|---|---|---|---|",
    ]
    for trainingCase in TrainingCase.all {
      let (ours, peer) = (values("orrery", trainingCase.name), values("peer", trainingCase.name))
      guard let best = ours.min() else { continue }
      let speed = trainingCase.operations / best
      let share = 100 * speed / (rate("sgemm") * Double(Parallel.threads))
      lines.append(
        "| \(trainingCase.title) | \(Self.times(ours)) | \(Self.times(peer)) | \(Self.ratio(peer.min(), best)) | "
          + "\(Self.ratio(processor("peer", trainingCase.name), processor("orrery", trainingCase.name))) | \(trainingCase.target) | "
          + "\(Self.number(speed / 1e9)) | \(Int(share.rounded())) % |")
    }
    return lines.count > 2 ? lines.joined(separator: "\n") : ""
  }

  private var derivatives: String {
    var lines = [
      "| derivatives: tanh, 4 hidden layers of 512, 64 inputs, 10 outputs | ours | JAX, neural-tangents | ratio | "
        + "ratio of processor times | to reach | ours, in gradients |",
      "|---|---|---|---|---|---|---|",
    ]
    for derivative in DerivativeCase.allCases {
      let name = derivative.rawValue
      let (ours, peer) = (values("orrery", name), values("peer", name))
      guard let best = ours.min() else { continue }
      let gradient = values("orrery", DerivativeCase.gradient.name).min()
      let inGradients = derivative == .hessianProduct ? gradient.map { Self.number(best / $0) } : nil
      lines.append(
        "| \(derivative.title) | \(Self.times(ours)) | \(Self.times(peer)) | \(Self.ratio(peer.min(), best)) | "
          + "\(Self.ratio(processor("peer", name), processor("orrery", name))) | \(derivative.target) | \(inGradients ?? "–") |"
      )
    }
    return lines.count > 2 ? lines.joined(separator: "\n") : ""
  }

  private var convolution: String {
    let (ours, peer) = (values("orrery", ConvolutionCase.name), values("peer", ConvolutionCase.name))
    guard let best = ours.min() else { return "" }
    let speed = ConvolutionCase.operations / best
    let share = 100 * speed / (rate("sgemm") * Double(Parallel.threads))
    let processors = Self.ratio(processor("peer", ConvolutionCase.name), processor("orrery", ConvolutionCase.name))
    return """
      | convolutions, f32: three of (3×3 convolution, ReLU, 2×2 average pool), global average, 10 outputs | ours | JAX | ratio | \
      ratio of processor times | to reach | ours, GFLOP/s | of all cores' matrix product |
      |---|---|---|---|---|---|---|---|
      | \(ConvolutionCase.title) | \(Self.times(ours)) | \(Self.times(peer)) | \(Self.ratio(peer.min(), best)) | \
      \(processors) | \(ConvolutionCase.target) | \(Self.number(speed / 1e9)) | \(Int(share.rounded())) % |
      """
  }

  private var finiteWidth: String {
    var lines = [
      "| theory at order 1/n, f64 | ours | processor time | to reach | bound on the error of an expectation |",
      "|---|---|---|---|---|",
    ]
    for finite in FiniteWidthCase.allCases {
      let ours = values("orrery", finite.rawValue)
      guard !ours.isEmpty else { continue }
      lines.append(
        "| \(finite.title) | \(Self.times(ours)) | \(processor("orrery", finite.rawValue).map(Self.time) ?? "–") | "
          + "\(finite.target) | \(Self.scientific(error("orrery", finite.rawValue))) |")
    }
    return lines.count > 2 ? lines.joined(separator: "\n") : ""
  }

  private var commands: String {
    let found = records.filter { $0.who == "command" }
    guard !found.isEmpty else { return "" }
    var lines = ["| command | wall time | largest resident memory | to reach |", "|---|---|---|---|"]
    for record in found {
      lines.append(
        "| \(record.name) | \(Self.times(record.values)) | \(record.memory ?? "–") | \(record.note ?? "–") |")
    }
    return lines.joined(separator: "\n")
  }

  private var elementwise: String {
    var lines = [
      "| elementwise, one thread, in cache | ours, f32 | numpy/scipy | ratio | ours, f64 | numpy/scipy | ratio |",
      "|---|---|---|---|---|---|---|",
    ]
    for function in ["tanh", "exp", "erf", "acos"] {
      var cells: [String] = []
      for precision in ["float32", "float64"] {
        let (ours, peer) = (rate("\(function)-\(precision)"), values("peer", "\(function)-\(precision)").min())
        cells += [Self.time(ours), peer.map(Self.time) ?? "–", Self.ratio(peer, ours)]
      }
      lines.append("| \(function) | \(cells.joined(separator: " | ")) |")
    }
    return lines.joined(separator: "\n")
  }

  private var limits: String {
    let normals = rate("normals-float32")
    let least = InstructionSet.current == .avx512 ? 700 : 350
    return """
      | limit of this machine, measured in the same run | one thread |
      |---|---|
      | matrix product f32 and f64, GFLOP/s | \(Self.number(rate("sgemm") / 1e9)), \(Self.number(rate("dgemm") / 1e9)) |
      | writing to memory, GB/s | \(Self.number(rate("write") / 1e9)) |
      | first touch of a page of 4 KiB | \(Self.time(rate("page-fault"))) |
      | normals f32, million a second (to reach: \(least)) | \(Self.number(normals / 1e6)) |
      """
  }

  // MARK: - Words

  private static func target(_ kernelCase: KernelCase) -> String {
    switch kernelCase.function {
    case .relu: "≥ 20"
    case .erf: "≥ 10"
    case .gelu: "≥ 12"
    case .tanh: kernelCase.samples == 2000 ? "≤ 400 ms, error ≤ 1e-8" : "–"
    }
  }

  private static func ratio(_ peer: Double?, _ ours: Double?) -> String {
    guard let peer, let ours, ours > 0 else { return "–" }
    return number(peer / ours)
  }

  /// `12.3 (12.9) ms`: best and median.
  static func times(_ values: [Double]) -> String {
    guard let best = values.min() else { return "–" }
    let (scale, unit) = unit(best)
    return "\(number(best * scale)) (\(number(Timing.median(values) * scale))) \(unit)"
  }

  static func time(_ seconds: Double) -> String {
    let (scale, unit) = unit(seconds)
    return "\(number(seconds * scale)) \(unit)"
  }

  private static func unit(_ seconds: Double) -> (Double, String) {
    switch seconds {
    case 1...: (1, "s")
    case 1e-3..<1: (1e3, "ms")
    case 1e-6..<1e-3: (1e6, "µs")
    default: (1e9, "ns")
    }
  }

  /// Three digits.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    let digits = value >= 100 ? 0 : value >= 10 ? 1 : 2
    return String(format: "%.\(digits)f", value)
  }

  private static func scientific(_ value: Double?) -> String {
    value.map { String(format: "%.0e", $0) } ?? "–"
  }
}
