import CLevels
import Foundation
import OrreryTensors

/// What this machine can do, measured in the same run: rates of one thread, by its processor time, so that other work on the
/// machine counts little; all threads together do so many times as much, as far as memory lets them.
enum Machine {
  static func run() {
    describe()
    Parallel.setThreads(1)
    matrixProducts()
    productKernel()
    let functions: [Elementwise.Function] = [.tanh, .exp, .erf, .gelu, .acos, .asin, .sqrt]
    for function in functions {
      elementwise(function)
    }
    let stream = RandomStream(seed: 7, purpose: .probe)
    let count = 4096
    let repeats = 4096
    record("normals-float32", unit: "1/s", runs: 7) { index in
      var sum: Float = 0
      let seconds = Timing.processor {
        for i in 0..<repeats { sum += stream.floatNormals(count: count, from: (index * repeats + i) * count)[0] }
      }
      precondition(sum.isFinite)
      return Double(count * repeats) / seconds
    }
    memory()
  }

  static var date: String { Date.now.formatted(.iso8601.year().month().day()) }

  /// The processor's own name; where a virtual machine hides it, its family and model too.
  static var processor: String {
    let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    func field(_ name: String) -> String? {
      information.split(separator: "\n").first { $0.hasPrefix(name) }?
        .split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
    }
    guard let name = field("model name") else { return "Unknown processor" }
    // Names without a digit say only who made it.
    guard !name.contains(where: \.isNumber), let family = field("cpu family"), let model = field("model\t") else {
      return name
    }
    return "\(name) (family \(family), model \(model))"
  }

  /// The processor, what of it is used, and the date.
  private static func describe() {
    let isPinned = ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"] != nil
    let description =
      "\(processor), \(Parallel.threads) threads, \(InstructionSet.current.name) kernels, OpenBLAS for "
      + "\(BLAS.coreName) (\(isPinned ? "pinned by OPENBLAS_CORETYPE" : "its own choice"))"
    let load = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8))?.split(separator: " ").first
    Record(who: "machine", name: "description", values: [], note: description).write()
    Record(who: "machine", name: "date", values: [], note: date).write()
    Record(who: "machine", name: "load", values: [], note: load.map(String.init)).write()
  }

  /// Floating-point operations a second of `Matrix.product`.
  private static func matrixProducts() {
    let n = 1536
    let operations = 2 * Double(n) * Double(n) * Double(n)
    let single = Matrix<Float>(rows: n, columns: n, repeating: 0.5)
    record("sgemm", unit: "FLOP/s", runs: 7) { _ in operations / Timing.processor { _ = single.product(single) } }
    let double = Matrix<Double>(rows: n, columns: n, repeating: 0.5)
    record("dgemm", unit: "FLOP/s", runs: 7) { _ in operations / Timing.processor { _ = double.product(double) } }
  }

  /// Operations a second of our own kernel on operands that are packed and in the caches, the best shape; and of bare
  /// multiply-adds in registers.
  private static func productKernel() {
    let measurement = LevelMeasurement(of: ["product"], on: [.current])
    for (index, precision) in ["f32", "f64"].enumerated() {
      let rates = measurement.rows.filter { $0.levelCase.is_double == index && $0.levelCase.name == "product" }
        .map { $0.levelCase.operations / $0.seconds[0] }
      Record(who: "machine", name: "product-\(precision)", values: rates, note: "FLOP/s").write()
      Record(who: "machine", name: "peak-\(precision)", values: [measurement.peaks[0][index]], note: "FLOP/s").write()
    }
  }

  /// Seconds an element, array in the second cache, in place.
  private static func elementwise(_ function: Elementwise.Function) {
    let count = 16384
    let repeats = 64
    var single = (0..<count).map { Float($0) / Float(count) }
    var double = single.map(Double.init)
    record("\(function.rawValue)-float32", unit: "s", runs: 9) { _ in
      Timing.processor {
        for _ in 0..<repeats {
          single = function(single)
        }
      } / Double(count * repeats)
    }
    record("\(function.rawValue)-float64", unit: "s", runs: 9) { _ in
      Timing.processor {
        for _ in 0..<repeats {
          double = function(double)
        }
      } / Double(count * repeats)
    }
  }

  /// Bytes a second written to memory that is there, and seconds for each page of memory that is not.
  private static func memory() {
    let buffer = Region(256 << 20)
    buffer.fill(0)
    record("write", unit: "B/s", runs: 7) { index in
      Double(buffer.bytes) / Timing.processor { buffer.fill(Int32(index)) }
    }
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    record("page-fault", unit: "s", runs: 5) { _ in
      let fresh = Region(64 << 20)
      return Timing.processor { fresh.touch(page) } / Double(fresh.bytes / page)
    }
  }

  private static func record(_ name: String, unit: String, runs: Int, _ body: (Int) -> Double) {
    _ = body(runs)
    Record(who: "machine", name: name, values: (0..<runs).map(body), note: unit).write()
  }

  /// Memory straight from the system.
  private final class Region {
    let bytes: Int
    private let start: UnsafeMutableRawPointer

    init(_ bytes: Int) {
      self.bytes = bytes
      start = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)!
    }

    func fill(_ value: Int32) { memset(start, value, bytes) }

    func touch(_ page: Int) {
      for place in stride(from: 0, to: bytes, by: page) { start.storeBytes(of: 1, toByteOffset: place, as: UInt8.self) }
    }

    deinit { munmap(start, bytes) }
  }
}
