import Foundation
import OrreryFindings
import OrreryFormats
import OrreryTensors

/// A run's observations in formats that other programs read.
public enum RunExport: String, Sendable, CaseIterable {
  /// A line for each element: observable, member, step, index, value; an index is "3 4", counted from 0.
  case csv
  /// A line for the run, one for each measurement, one for each observation.
  case jsonl
  /// An array for each observable, one row for each observation, with its networks and steps in `NAME.member` and
  /// `NAME.step`.
  case npz
}

extension RunArchive {
  /// Writes a run as text, piece by piece.
  ///
  /// - Precondition: the format is `csv` or `jsonl`.
  /// - Throws: `ArchiveError`, and what the closure throws.
  public func export(_ run: ArchivedRun, as format: RunExport, to write: (String) throws -> Void) throws {
    var text = ""
    func put(_ line: String) throws {
      text += line
      text += "\n"
      guard text.utf8.count >= 1 << 16 else { return }
      try write(text)
      text = ""
    }
    switch format {
    case .csv:
      try put("observable,member,step,index,value")
      try forEachObservation(of: run) { observation in
        let start = "\(Self.field(observation.observable)),\(observation.member),\(observation.step),"
        var index = [Int](repeating: 0, count: observation.shape.count)
        for value in observation.values {
          try put(start + index.map(String.init).joined(separator: " ") + ",\(value)")
          for axis in index.indices.reversed() {
            index[axis] += 1
            if index[axis] < observation.shape[axis] { break }
            index[axis] = 0
          }
        }
      }
    case .jsonl:
      try put(ArchiveJSON.text(["run": RunDescription(run)]))
      for measurement in try measurements(of: run) { try put(ArchiveJSON.text(["measurement": measurement])) }
      try forEachObservation(of: run) { try put(Self.line($0)) }
    case .npz: preconditionFailure("An npz file is no text; it is written to a file.")
    }
    if !text.isEmpty { try write(text) }
  }

  /// Writes a run's observations as an npz file.
  ///
  /// - Throws: `ArchiveError`, or `OutputError` when the file cannot be written.
  public func exportNpz(_ run: ArchivedRun, to url: URL) throws {
    var writer = try NpzWriter(url)
    var names: Set<String> = []
    for one in try summary(of: run) {
      var groups: [[Int]: [Observation]] = [:]
      try forEachObservation(of: run, observable: one.observable) { observation in
        guard observation.numericsVersion == one.numericsVersion else { return }
        groups[observation.shape, default: []].append(observation)
      }
      for (shape, group) in groups.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
        // Values of several shapes do not fit into one array.
        var name = String(one.observable.replacing("/", with: "-").prefix(200))
        if groups.count > 1 { name += "." + shape.map(String.init).joined(separator: "x") }
        // Another version of its numerics, or an observable that is itself called NAME.step.
        while name.isEmpty || !names.isDisjoint(with: [name, name + ".member", name + ".step"]) { name += "+" }
        names.formUnion([name, name + ".member", name + ".step"])
        try writer.write(Tensor(shape: [group.count] + shape, elements: group.flatMap(\.values)), name: name)
        try writer.write(
          Tensor(shape: [group.count], elements: group.map { Double($0.member) }), name: name + ".member")
        try writer.write(Tensor(shape: [group.count], elements: group.map { Double($0.step) }), name: name + ".step")
      }
    }
    try writer.finish()
  }

  /// One observation as JSON; `null` is what is not finite. By hand: JSONEncoder takes ten times as long.
  private static func line(_ observation: Observation) -> String {
    let values = observation.values.map { $0.isFinite ? "\($0)" : "null" }.joined(separator: ",")
    let shape = observation.shape.map(String.init).joined(separator: ",")
    let name = (try? ArchiveJSON.text(observation.observable)) ?? "\"\""
    return
      "{\"member\":\(observation.member),\"numericsVersion\":\(observation.numericsVersion),\"observable\":\(name),"
      + "\"shape\":[\(shape)],\"step\":\(observation.step),\"values\":[\(values)]}"
  }

  /// A field of comma-separated values (RFC 4180 §2).
  private static func field(_ text: String) -> String {
    text.contains { ",\"\r\n\r\n".contains($0) } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }
}
