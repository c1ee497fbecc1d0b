import Foundation

/// What a folder of tiles says of itself: the job, the layout, and which tiles are finished.
///
/// One JSON object per line. The first describes the folder; each later one a finished tile, or the completion of all:
/// ```
/// {"job":"9f86d0…","layout":{"arrays":["nngp"],…},"orrery-tiles":1}
/// {"array":"nngp","checksum":2212294583,"column":3,"row":0}
/// {"complete":true}
/// ```
/// Lines are appended in single writes. A line that was cut off by the end of the process or the power does not parse and
/// is passed over: its tile is computed again.
struct TileJournal: Sendable {
  static let fileName = "journal.jsonl"

  struct Key: Hashable, Sendable {
    var array: String
    var tile: Tile
  }

  var job: String
  var layout: TileLayout
  /// The finished tiles and the checksums of their files.
  var finished: [Key: UInt32] = [:]
  var isComplete = false

  init(job: String, layout: TileLayout) {
    self.job = job
    self.layout = layout
  }

  private struct FirstLine: Codable {
    var version: Int
    var job: String
    var layout: TileLayout
    enum CodingKeys: String, CodingKey {
      case version = "orrery-tiles"
      case job, layout
    }
  }

  private struct LaterLine: Codable {
    var array: String?
    var row: Int?
    var column: Int?
    var checksum: UInt32?
    var complete: Bool?
  }

  /// - Throws: `FormatError` when the first line is none.
  init(_ bytes: [UInt8], name: String) throws {
    let lines = bytes.split(separator: 0x0a)
    let decoder = JSONDecoder()
    guard let line = lines.first, let first = try? decoder.decode(FirstLine.self, from: Data(line)),
      first.layout.isValid
    else {
      throw FormatError(
        .malformed, file: name, "the journal does not describe a folder of tiles",
        remedy: "give a folder that Orrery has written")
    }
    guard first.version == 1 else {
      throw FormatError(
        .unsupported, file: name, "the journal has the version \(first.version), and only 1 is read",
        remedy: "use a newer Orrery")
    }
    self.init(job: first.job, layout: first.layout)
    let names = Set(layout.arrays)
    for line in lines.dropFirst() {
      guard let record = try? decoder.decode(LaterLine.self, from: Data(line)) else { continue }
      if record.complete == true { isComplete = true }
      guard let array = record.array, names.contains(array), let row = record.row, let column = record.column,
        let checksum = record.checksum
      else { continue }
      let tile = Tile(row: row, column: column)
      if layout.contains(tile) { finished[Key(array: array, tile: tile)] = checksum }
    }
  }

  /// The whole journal.
  func encoded() -> [UInt8] {
    var bytes = Self.line(FirstLine(version: 1, job: job, layout: layout))
    for (key, checksum) in finished.sorted(by: { ($0.key.array, $0.key.tile) < ($1.key.array, $1.key.tile) }) {
      bytes += Self.line(key, checksum: checksum)
    }
    if isComplete { bytes += Self.completionLine }
    return bytes
  }

  /// The line of one finished tile.
  static func line(_ key: Key, checksum: UInt32) -> [UInt8] {
    line(LaterLine(array: key.array, row: key.tile.row, column: key.tile.column, checksum: checksum))
  }

  static var completionLine: [UInt8] { line(LaterLine(complete: true)) }

  private static func line(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    // Plain numbers and texts always encode.
    return Array(try! encoder.encode(value)) + [0x0a]
  }
}
