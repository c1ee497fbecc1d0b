import CLevels
import Foundation
import OrreryTensors

/// The levels as Markdown.
struct LevelTable {
  let measurement: LevelMeasurement

  private var levels: [InstructionSet] { measurement.levels }

  /// Rows in which a path is slower than the one below it.
  var slower: Int { measurement.rows.filter { !$0.slower.isEmpty }.count }

  var markdown: String {
    var lines = [heading, "", peaks, ""]
    lines += [
      "| kernel | shape | | " + levels.map(\.name).joined(separator: " | ") + " | share of the peak | |",
      "|---|---|---|" + levels.map { _ in "---|" }.joined() + "---|---|",
    ]
    lines += measurement.rows.map(line)
    lines += ["", verdict]
    return lines.joined(separator: "\n") + "\n"
  }

  private var heading: String {
    "\(Machine.date). \(Machine.processor), one thread, its processor time, data in the first two caches. Products in GFLOP/s, all others in ns for "
      + "each number given out (or taken in, where sums are given out)."
  }

  private var peaks: String {
    let kinds = [
      ("multiply-adds in registers, f32, GFLOP/s", 0), ("the same, f64", 1), ("read from the first cache, GB/s", 2),
      ("copied in it, read and written, GB/s", 3),
    ]
    var lines = [
      "| peak | " + levels.map(\.name).joined(separator: " | ") + " |", "|---|" + levels.map { _ in "---|" }.joined(),
    ]
    for (title, kind) in kinds {
      let numbers = measurement.peaks.map { ResultTable.number($0[kind] / 1e9) }
      lines.append("| \(title) | " + numbers.joined(separator: " | ") + " |")
    }
    return lines.joined(separator: "\n")
  }

  private func line(_ row: LevelMeasurement.Row) -> String {
    let levelCase = row.levelCase
    let numbers = row.seconds.map { seconds in
      levelCase.operations > 0
        ? ResultTable.number(levelCase.operations / seconds / 1e9)
        : ResultTable.number(seconds / levelCase.elements * 1e9)
    }
    let shares = levels.indices.compactMap { measurement.share(row, $0) }.map { "\(Int(($0 * 100).rounded()))" }
    let precision = levelCase.is_double != 0 ? "f64" : levelCase.name == "random words" ? "u32" : "f32"
    let slower = row.slower.map { index in
      let excess = Int((100 * (row.seconds[index] / row.seconds[index - 1] - 1)).rounded())
      return "\(levels[index].name) slower than the level below, by \(excess) %"
    }
    return "| \(levelCase.name) | \(levelCase.shape) | \(precision) | \(numbers.joined(separator: " | ")) | "
      + "\(shares.isEmpty ? "–" : shares.joined(separator: ", ") + " %") | \(slower.joined(separator: "; ")) |"
  }

  private var verdict: String {
    let percent = Int((100 * (LevelMeasurement.margin - 1)).rounded())
    return slower == 0
      ? "No row in which a path is slower than the one below it by more than \(percent) %."
      : "\(slower) of \(measurement.rows.count) rows in which a path is slower than the one below it by more than \(percent) %."
  }
}
