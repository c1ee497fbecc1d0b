import Foundation
import OrreryFormats
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

@Suite struct NormalizationTests {
  private func load(
    _ rows: [[Double]], test: [[Double]]? = nil, normalize: DataNormalization
  ) throws -> DataSet<Double> {
    try withTemporaryFolder { folder in
      try Npy.write(Matrix(rows).tensor, to: folder.appending(path: "x.npy"))
      if let test { try Npy.write(Matrix(test).tensor, to: folder.appending(path: "t.npy")) }
      let files = DataFiles(
        inputs: ArrayReference(path: "x.npy"), testInputs: test.map { _ in ArrayReference(path: "t.npy") })
      return try DataSet<Double>.load(DataDescription(.files(files), normalize: normalize), relativeTo: folder)
    }
  }

  @Test func sphereScalesAndDoesNotMove() throws {
    let data = try load([[3, 4], [0, -1], [1e300, 1e300], [.leastNonzeroMagnitude, 0]], normalize: .sphere)
    let root = 2.0.squareRoot()
    let expected = [[0.6 * root, 0.8 * root], [0, -root], [1, 1], [root, 0]]
    for (row, values) in expected.enumerated() {
      for (column, value) in values.enumerated() {
        #expect(abs(data.train.inputs[row, column] - value) <= 4 * 0x1p-53 * abs(value))
      }
    }
  }

  @Test func standardUsesTrainingStatistics() throws {
    let data = try load(
      [[1, 5, 7], [3, 5, 7], [5, 5, 7], [7, 5, 7]], test: [[4, 6, 7], [9, 5, 0]], normalize: .standard)
    // Feature 0: mean 4, variance 5. Features 1 and 2 are constant in training, so 0 everywhere.
    let root = 5.0.squareRoot()
    let train = [-3 / root, 0, 0, -1 / root, 0, 0, 1 / root, 0, 0, 3 / root, 0, 0]
    let test = [0, 0, 0, 5 / root, 0, 0]
    for (value, expected) in zip(data.train.inputs.tensor.elements, train) { #expect(abs(value - expected) < 1e-15) }
    for (value, expected) in zip(data.test.inputs.tensor.elements, test) { #expect(abs(value - expected) < 1e-15) }
  }

  /// A mean that is large beside the deviations must not eat them.
  @Test func standardDoesNotCancel() throws {
    let data = try load([[1e8 + 1], [1e8 + 2], [1e8 + 3]], normalize: .standard)
    let expected = [-1.5.squareRoot(), 0, 1.5.squareRoot()].map { $0 }
    #expect(
      abs(data.train.inputs[0, 0] + 1.5.squareRoot()) < 1e-12 && abs(data.train.inputs[2, 0] - expected[2]) < 1e-12)
  }

  @Test func zeroInputsCannotGoOnTheSphere() throws {
    let error = try #require(throws: DataError.self) { try load([[1, 2], [0, 0]], normalize: .sphere) }
    #expect(error.kind == .normalization && error.category == .badData)
    #expect(
      error.description
        == "x.npy: sample 1, counted from 0, is zero everywhere and cannot be scaled to a sphere; remove it, or choose "
        + "another normalization.")
    let inTest = try #require(throws: DataError.self) { try load([[1, 2]], test: [[0, 0]], normalize: .sphere) }
    #expect(inTest.description.contains("test sample 0"))
  }

  @Test func noneChangesNothing() throws {
    let rows = [[0.0, 1, -2], [1e-300, 1e300, 3]]
    #expect(try load(rows, normalize: .none).train.inputs == Matrix(rows))
  }
}
