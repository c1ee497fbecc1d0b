import OrreryTensors

/// One row of numbers for each network; each is written by one thread.
final class NetworkRecords: @unchecked Sendable {
  let networks: Int
  /// Numbers of each network.
  let count: Int
  private let storage: AlignedStorage<Double>

  init(networks: Int, count: Int) {
    self.networks = networks
    self.count = count
    storage = AlignedStorage(uninitializedCount: networks * count)
    storage.elements.initialize(repeating: 0)
  }

  func row(_ network: Int) -> UnsafeMutablePointer<Double> { storage.elements.baseAddress! + network * count }

  /// The bytes that records take; `Int.max` stands for more than can be counted.
  static func requiredBytes(networks: Int, count: Int) -> Int {
    Int(exactly: 8 * Double(networks) * Double(count)) ?? .max
  }

  /// Shape (networks, count).
  var matrix: Matrix<Double> { Matrix(rows: networks, columns: count, elements: Array(storage.elements)) }

  /// One number of every network.
  func column(_ place: Int) -> [Double] { (0..<networks).map { storage.elements[$0 * count + place] } }

  var nonFiniteNetworks: Int {
    (0..<networks).count { network in
      (0..<count).contains { !storage.elements[network * count + $0].isFinite }
    }
  }
}
