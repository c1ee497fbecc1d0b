import Foundation
import OrreryTensors

/// What this machine can do, measured in the same run. One thread each unless the name says `all`.
enum Machine {
  static func run() {
    describe()
    Parallel.setThreads(1)
    matrixProducts("")
    let functions: [Elementwise.Function] = [.tanh, .exp, .erf, .gelu, .acos, .asin, .sqrt]
    for function in functions {
      elementwise(function)
    }
    let stream = RandomStream(seed: 7, purpose: .probe)
    let count = 4096
    let repeats = 4096
    record("normals-float32", unit: "1/s", runs: 7) { index in
      var sum: Float = 0
      let seconds = Timing.once {
        for i in 0..<repeats { sum += stream.floatNormals(count: count, from: (index * repeats + i) * count)[0] }
      }
      precondition(sum.isFinite)
      return Double(count * repeats) / seconds
    }
    Parallel.setThreads(0)
    matrixProducts("-all")
    memory()
  }

  /// The processor, what of it is used, and the date.
  private static func describe() {
    let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = information.split(separator: "\n").first { $0.hasPrefix("model name") }?
      .split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
    let isPinned = ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"] != nil
    let description =
      "\(model ?? "Unknown processor"), \(Parallel.threads) threads, \(InstructionSet.current.name) kernels, OpenBLAS for "
      + "\(BLAS.coreName) (\(isPinned ? "pinned by OPENBLAS_CORETYPE" : "its own choice"))"
    let date = Date.now.formatted(.iso8601.year().month().day())
    Record(who: "machine", name: "description", values: [], note: description).write()
    Record(who: "machine", name: "date", values: [], note: date).write()
  }

  /// Floating-point operations a second of `Matrix.product`.
  private static func matrixProducts(_ suffix: String) {
    let n = 1536
    let operations = 2 * Double(n) * Double(n) * Double(n)
    let single = Matrix<Float>(rows: n, columns: n, repeating: 0.5)
    record("sgemm" + suffix, unit: "FLOP/s", runs: 7) { _ in operations / Timing.once { _ = single.product(single) } }
    let double = Matrix<Double>(rows: n, columns: n, repeating: 0.5)
    record("dgemm" + suffix, unit: "FLOP/s", runs: 7) { _ in operations / Timing.once { _ = double.product(double) } }
  }

  /// Seconds an element, array in the second cache, in place.
  private static func elementwise(_ function: Elementwise.Function) {
    let count = 16384
    let repeats = 64
    var single = (0..<count).map { Float($0) / Float(count) }
    var double = single.map(Double.init)
    record("\(function.rawValue)-float32", unit: "s", runs: 9) { _ in
      Timing.once {
        for _ in 0..<repeats {
          single = function(single)
        }
      } / Double(count * repeats)
    }
    record("\(function.rawValue)-float64", unit: "s", runs: 9) { _ in
      Timing.once {
        for _ in 0..<repeats {
          double = function(double)
        }
      } / Double(count * repeats)
    }
  }

  /// Bytes a second written to memory that is there, and seconds for each page of memory that is not, on all threads.
  private static func memory() {
    let bytes = 256 << 20
    let threads = Parallel.threads
    let part = bytes / threads
    let buffer = Region(bytes)
    buffer.fill(0, bytes)
    record("write-all", unit: "B/s", runs: 7) { index in
      Double(part * threads) / Timing.once { Parallel.forEach(threads) { buffer.fill($0 * part, part, Int32(index)) } }
    }
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    for (name, threads) in [("page-fault", 1), ("page-fault-all", threads)] {
      record(name, unit: "s", runs: 5) { _ in
        let fresh = Region(64 << 20)
        let part = fresh.bytes / threads
        return Timing.once { Parallel.forEach(threads) { fresh.touch($0 * part, part, page) } }
          / Double(fresh.bytes / page)
      }
    }
  }

  private static func record(_ name: String, unit: String, runs: Int, _ body: (Int) -> Double) {
    _ = body(runs)
    Record(who: "machine", name: name, values: (0..<runs).map(body), note: unit).write()
  }

  /// Memory straight from the system.
  private final class Region: @unchecked Sendable {
    let bytes: Int
    private let start: UnsafeMutableRawPointer

    init(_ bytes: Int) {
      self.bytes = bytes
      start = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)!
    }

    func fill(_ offset: Int, _ count: Int, _ value: Int32 = 0) { memset(start + offset, value, count) }

    func touch(_ offset: Int, _ count: Int, _ page: Int) {
      for place in stride(from: offset, to: offset + count, by: page) {
        start.storeBytes(of: 1, toByteOffset: place, as: UInt8.self)
      }
    }

    deinit { munmap(start, bytes) }
  }
}
