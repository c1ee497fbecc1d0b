import Foundation
import OrreryTensors

/// The records of one run as Markdown.
struct ResultTable {
  let records: [Record]

  /// All runs of one case, with all threads; of a peer's ways to write it, the best.
  private func values(_ who: String, _ name: String, _ memory: String? = nil, threads: Int? = nil) -> [Double] {
    let found = records.filter {
      $0.who == who && $0.name == name && (memory == nil || $0.memory == memory)
        && ($0.threads ?? Parallel.threads) == (threads ?? Parallel.threads)
    }
    let ways = Dictionary(grouping: found, by: \.note).values.map { $0.flatMap(\.values) }
    return ways.min { ($0.min() ?? .infinity) < ($1.min() ?? .infinity) } ?? []
  }

  /// The peer's best way to write a case, where it has several.
  private func way(_ name: String) -> String {
    let found = records.filter { $0.who == "peer" && $0.name == name && $0.note != nil }
    let best = found.min { ($0.values.min() ?? .infinity) < ($1.values.min() ?? .infinity) }
    return best?.note.map { " (\($0))" } ?? ""
  }

  /// The least processor time of one case, in whatever memory and however the peer writes it.
  private func processor(_ who: String, _ name: String) -> Double? {
    records.filter { $0.who == who && $0.name == name && ($0.threads ?? Parallel.threads) == Parallel.threads }
      .compactMap { $0.processor?.min() }.min()
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

  var markdown: String { Self.page([rows, limits]) }

  /// Without the machine's limits.
  var rows: String {
    Self.page([
      heading, kernels, ensembles, training, derivatives, convolution, finiteWidth, commands, elementwise,
    ])
  }

  private static func page(_ parts: [String]) -> String {
    parts.filter { !$0.isEmpty }.map { $0.trimmingCharacters(in: .newlines) }.joined(separator: "\n\n") + "\n"
  }

  // MARK: - Parts

  private var heading: String {
    let versions = ["kernels", "training"].compactMap { environment in
      note("peer", "versions-\(environment)").map { "for \(environment): \($0)" }
    }
    let machine = note("machine", "description") ?? "unknown machine"
    let load = note("machine", "load").map { ", load average \($0) when the run began" } ?? ""
    return "\(note("machine", "date") ?? ""). \(machine)\(load). Peers "
      + "\(versions.isEmpty ? "were not run" : versions.joined(separator: "; "))."
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
      let model = LimitModel(
        kernelCase, features: 784, isFresh: false, cores: Parallel.threads,
        product: productLimit(isDouble: kernelCase.precision == "float64").rate, rate: rate)
      let isSame = kernelCase.peerName == name
      var forbids = ""
      if let ratio = Self.ratio(kernelCase), let seconds = peer[1].min(), seconds < ratio * model.seconds {
        forbids = "; the limit forbids more than \(Self.number(seconds / model.seconds)) × the peer"
      }
      lines.append(
        "| \(kernelCase.title) | \(Self.times(ours[0])) | \(Self.times(ours[1])) | "
          + "\(Self.times(peer[0]))\(isSame ? "" : " (n = 200)") | \(Self.times(peer[1]))\(isSame ? "" : " (n = 200)") | "
          + "\(isSame ? ratios : "–") | "
          + "\(isSame ? Self.ratio(processor("peer", name), processor("orrery", name)) : "–") | \(Self.target(kernelCase)) | \(Self.scientific(error("orrery", name))) | "
          + "\(Self.scientific(error("peer", kernelCase.peerName))) | \(Self.time(model.seconds)) | "
          + "\(Self.number(best / model.seconds)) ×: \(model.text)\(forbids) |")
    }
    return lines.count > 2 ? lines.joined(separator: "\n") : ""
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

  // Products

  /// Operations a second of one thread's products at their best, and whose they are.
  private func productLimit(isDouble: Bool = false) -> (rate: Double, whose: String) {
    let (ours, library) = (rate(isDouble ? "product-f64" : "product-f32"), rate(isDouble ? "dgemm" : "sgemm"))
    return ours >= library ? (ours, "our kernel's") : (library, "OpenBLAS's")
  }

  /// `ours | peer | ratio | ratio of processor times | to reach | GFLOP/s | of the limit | what forbids it`
  private func productRow(
    _ title: String, _ name: String, operations: Double, target: Target, isDouble: Bool = false, also: String? = nil
  ) -> [String] {
    let (ours, peer) = (values("orrery", name), values("peer", name))
    guard let best = ours.min() else { return [] }
    let limit = productLimit(isDouble: isDouble).rate
    func share(_ seconds: Double, _ threads: Int) -> String {
      "\(Int((100 * operations / seconds / limit / Double(threads)).rounded())) %"
    }
    let asked = [
      target.ratio.map { "≥ \(Self.plain($0))" }, also,
      target.share.map { "\(Int((100 * $0).rounded())) % of the limit" },
    ].compactMap { $0 }
    var forbids = ""
    let peak = rate(isDouble ? "peak-f64" : "peak-f32") * Double(Parallel.threads)
    if let ratio = target.ratio, let seconds = peer.min(), peak < ratio * operations / seconds {
      forbids =
        "peak \(Self.number(peak / 1e9)), peer \(Self.number(operations / seconds / 1e9)) GFLOP/s: at most "
        + "\(Self.number(peak * seconds / operations))"
    }
    var rows = [
      "| \(title) | \(Self.times(ours)) | \(Self.times(peer))\(way(name)) | \(Self.ratio(peer.min(), best)) | "
        + "\(Self.ratio(processor("peer", name), processor("orrery", name))) | \(asked.joined(separator: ", ")) | "
        + "\(Self.number(operations / best / 1e9)) | \(share(best, Parallel.threads)) | \(forbids) |"
    ]
    if Parallel.threads > 1, let alone = values("orrery", name, threads: 1).min() {
      rows.append(
        "| – on one thread | \(Self.times(values("orrery", name, threads: 1))) | – | – | – | – | "
          + "\(Self.number(operations / alone / 1e9)) | \(share(alone, 1)) | |")
    }
    return rows
  }

  private func productTable(_ subject: String, _ peer: String, _ rows: [String]) -> String {
    guard !rows.isEmpty else { return "" }
    let header =
      "| \(subject) | ours | \(peer) | ratio | ratio of processor times | to reach | ours, GFLOP/s | of the product limit | "
      + "forbidden by |"
    return ([header, "|---|---|---|---|---|---|---|---|---|"] + rows).joined(separator: "\n")
  }

  private var training: String {
    productTable(
      "training, f32: tanh, 4 hidden layers, 64 inputs, 10 outputs", "JAX",
      TrainingCase.all.flatMap {
        productRow($0.title, $0.name, operations: $0.operations, target: $0.target)
      })
  }

  private var derivatives: String {
    productTable(
      "derivatives: tanh, 4 hidden layers of 512, 64 inputs, 10 outputs", "JAX, neural-tangents",
      DerivativeCase.allCases.flatMap { derivative in
        let name = derivative.rawValue
        let gradient = values("orrery", DerivativeCase.gradient.name).min()
        var (title, also): (String, String?) = (derivative.title, nil)
        if derivative == .hessianProduct, let gradient, let best = values("orrery", name).min() {
          title += ": \(Self.number(best / gradient)) gradients"
          also = "≤ 2.2 gradients"
        }
        return productRow(
          title, name, operations: derivative.operations, target: derivative.target, isDouble: derivative.isDouble,
          also: also)
      })
  }

  private var convolution: String {
    productTable(
      "convolutions, f32: three of (3×3 convolution, ReLU, 2×2 average pool), global average, 10 outputs", "JAX",
      productRow(
        ConvolutionCase.title, ConvolutionCase.name, operations: ConvolutionCase.operations,
        target: ConvolutionCase.target))
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
    var lines = [
      "| command | wall time | processor time | largest resident memory | to reach | limit |",
      "|---|---|---|---|---|---|",
    ]
    let products = productLimit().rate * Double(Parallel.threads)
    for command in CommandCase.allCases {
      guard let record = records.first(where: { $0.who == "command" && $0.name == command.rawValue }) else { continue }
      var limit = "–"
      if let operations = command.operations, let best = record.values.min() {
        limit = "products \(Self.time(operations / products)): \(Self.number(best * products / operations)) ×"
      } else if command == .kernel, let disk = values("command", CommandCase.disk).min() {
        limit = "the disk \(Self.time(disk)) (`dd`)"
      }
      lines.append(
        "| \(command.title) | \(Self.times(record.values)) | \(record.processor?.min().map(Self.time) ?? "–") | "
          + "\(record.memory ?? "–") | \(command.target(limit: products / 1e9)) | \(limit) |")
    }
    return lines.count > 2 ? lines.joined(separator: "\n") : ""
  }

  private var elementwise: String {
    guard !values("peer", "tanh-float32").isEmpty else { return "" }
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
    func both(_ names: String...) -> String { names.map { Self.number(rate($0) / 1e9) }.joined(separator: ", ") }
    return """
      | limit of this machine, measured in the same run | one thread |
      |---|---|
      | multiply-adds in registers, f32 and f64, GFLOP/s | \(both("peak-f32", "peak-f64")) |
      | our product kernel, operands packed and in cache, GFLOP/s | \(both("product-f32", "product-f64")) |
      | OpenBLAS's product of 1536 × 1536, GFLOP/s | \(both("sgemm", "dgemm")) |
      | the product limit of the tables above: \(productLimit().whose), and \(productLimit(isDouble: true).whose) in f64 | \
      \(Self.number(productLimit().rate / 1e9)), \(Self.number(productLimit(isDouble: true).rate / 1e9)) |
      | writing to memory, GB/s | \(both("write")) |
      | first touch of a page of 4 KiB | \(Self.time(rate("page-fault"))) |
      | normals f32, million a second (to reach: \(least)) | \(Self.number(normals / 1e6)) |
      """
  }

  // MARK: - Words

  private static func ratio(_ kernelCase: KernelCase) -> Double? {
    switch kernelCase.function {
    case .relu: 20
    case .erf: 10
    case .gelu: 12
    case .tanh: nil
    }
  }

  private static func target(_ kernelCase: KernelCase) -> String {
    if let ratio = ratio(kernelCase) { return "≥ \(plain(ratio)), ≤ 1.4 × the limit" }
    return kernelCase.samples == 2000 ? "≤ 400 ms, error ≤ 1e-8" : "–"
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

  /// Without zeros at its end: `1.2`, `2`.
  private static func plain(_ value: Double) -> String { String(format: "%g", value) }

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
