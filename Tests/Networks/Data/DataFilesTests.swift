import Foundation
import OrreryFormats
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// Data from a user's files, good and bad.
@Suite struct DataFilesTests {
  private func load(_ folder: URL, _ files: DataFiles, targets: TargetEncoding = .none) throws -> DataSet<Double> {
    try .load(DataDescription(.files(files), targets: targets, choice: .firstCome), relativeTo: folder)
  }

  private func write(_ text: String, _ name: String, in folder: URL) throws {
    try Data(text.utf8).write(to: folder.appending(path: name))
  }

  @Test func tableWithLabelColumn() throws {
    try withTemporaryFolder { folder in
      try write("a,kind,b\n1,4,2\n3,2,4\n5,4,6\n", "table.csv", in: folder)
      for labels in [LabelReference.column(1), .column(-2), .columnName("kind")] {
        let files = DataFiles(inputs: ArrayReference(path: "table.csv"), labels: labels)
        let data = try load(folder, files, targets: .plusMinusOne)
        #expect(data.train.inputs == Matrix([[1, 2], [3, 4], [5, 6]]))
        #expect(data.train.labels == [4, 2, 4] && data.classes == [2, 4] && data.classNames == ["2", "4"])
        #expect(data.train.targets?.tensor.elements == [1, -1, 1])
      }
    }
  }

  @Test func arraysInOneNpz() throws {
    try withTemporaryFolder { folder in
      var writer = try NpzWriter(folder.appending(path: "all.npz"))
      try writer.write(Tensor<Float>(shape: [2, 2, 2], elements: [1, 2, 3, 4, 5, 6, 7, 8]), name: "x")
      try writer.write(Tensor<Float>(shape: [2], elements: [7, -1]), name: "y")
      try writer.finish()
      let files = DataFiles(
        inputs: ArrayReference(path: "all.npz", array: "x"), labels: .array(ArrayReference(path: "all.npz", array: "y"))
      )
      let data = try load(folder, files, targets: .oneHot)
      #expect(data.train.inputs == Matrix([[1, 2, 3, 4], [5, 6, 7, 8]]) && data.sampleShape == [2, 2])
      #expect(data.classes == [-1, 7])
      #expect(data.train.targets == Matrix([[0, 1], [1, 0]]))
      let none = DataFiles(inputs: ArrayReference(path: "all.npz"))
      #expect(throws: FormatError.self) { try load(folder, none) }
    }
  }

  @Test func imagesAndLabelsInIdx() throws {
    try withTemporaryFolder { folder in
      let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 10, 20, 30, 40]
      let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 1, 0]
      try Data(images).write(to: folder.appending(path: "images-ubyte"))
      try Data(labels).write(to: folder.appending(path: "labels-ubyte"))
      let files = DataFiles(
        inputs: ArrayReference(path: "images-ubyte"), labels: .array(ArrayReference(path: "labels-ubyte")),
        testInputs: ArrayReference(path: "images-ubyte"), testLabels: ArrayReference(path: "labels-ubyte"))
      let data = try load(folder, files, targets: .centred)
      #expect(data.train.inputs == Matrix([[10, 20], [30, 40]]) && data.test.inputs == data.train.inputs)
      #expect(data.test.labels == [1, 0])
      #expect(data.train.targets == Matrix([[-0.5, 0.5], [0.5, -0.5]]))
    }
  }

  @Test func notANumberIsNamed() throws {
    try withTemporaryFolder { folder in
      try write("1,2\n3,nan\n", "bad.csv", in: folder)
      let error = try #require(throws: FormatError.self) {
        try load(folder, DataFiles(inputs: ArrayReference(path: "bad.csv")))
      }
      #expect(error.kind == .notFinite && error.category == .badData)
      #expect(error.description.contains("bad.csv") && error.description.contains("(1, 1)"))
    }
  }

  @Test func numbersTooLargeForSinglePrecision() throws {
    try withTemporaryFolder { folder in
      try write("1,2\n3,1e39\n", "large.csv", in: folder)
      let files = DataFiles(inputs: ArrayReference(path: "large.csv"))
      #expect(try load(folder, files).train.count == 2)
      #expect(throws: FormatError.self) {
        try DataSet<Float>.load(DataDescription(.files(files)), relativeTo: folder)
      }
    }
  }

  @Test func missingFilesAreNoSuchInput() throws {
    try withTemporaryFolder { folder in
      let error = try #require(throws: FormatError.self) {
        try load(folder, DataFiles(inputs: ArrayReference(path: "nowhere.npy")))
      }
      #expect(error.category == .noSuchInput)
      let named = try #require(throws: DataError.self) { try DataSet<Double>.load(DataDescription(.named("digit"))) }
      #expect(named.category == .noSuchInput && named.description.contains("did you mean 'digits'?"))
    }
  }

  @Test(arguments: [
    ("1,0.5\n2,1\n", "the label of sample 0, counted from 0, is 0.5"),
    ("1\n2\n", "the only column holds the labels"),
  ]) func wrongLabelColumns(_ text: String, _ problem: String) throws {
    try withTemporaryFolder { folder in
      try write(text, "table.csv", in: folder)
      let files = DataFiles(inputs: ArrayReference(path: "table.csv"), labels: .column(-1))
      let error = try #require(throws: DataError.self) { try load(folder, files) }
      #expect(error.problem == problem && error.category == .badData)
    }
  }

  @Test func labelsThatDoNotFit() throws {
    try withTemporaryFolder { folder in
      try write("x1,x2\n1,2\n3,4\n", "x.csv", in: folder)
      try write("0\n1\n0\n", "y.csv", in: folder)
      let inputs = ArrayReference(path: "x.csv")
      func problem(_ files: DataFiles, _ targets: TargetEncoding = .none) throws -> String {
        try #require(throws: DataError.self) { try load(folder, files, targets: targets) }.description
      }
      #expect(
        try problem(DataFiles(inputs: inputs, labels: .array(ArrayReference(path: "y.csv"))))
          == "y.csv: there are 3 labels for 2 inputs; give one label for each input.")
      #expect(try problem(DataFiles(inputs: inputs, labels: .column(2))).contains("no column 2 in a table of 2"))
      #expect(try problem(DataFiles(inputs: inputs, labels: .columnName("x3"))).contains("did you mean 'x1'?"))
      #expect(try problem(DataFiles(inputs: inputs), .oneHot).contains("need labels"))
      #expect(
        try problem(DataFiles(inputs: inputs, testInputs: ArrayReference(path: "y.csv"))).contains(
          "the test inputs have 1 features, the training inputs 2"))
      #expect(
        try problem(DataFiles(inputs: inputs, testLabels: ArrayReference(path: "y.csv"))).contains(
          "without test inputs"))
    }
  }

  /// A label that is none is found before it becomes a class.
  @Test func strayLabels() throws {
    try withTemporaryFolder { folder in
      try write("1\n2\n3\n4\n", "x.csv", in: folder)
      try write("0\n1\n-1\n2\n", "y.csv", in: folder)
      try write("0\n2\n2\n1\n", "good.csv", in: folder)
      try write("0\n2\n5\n1\n", "test.csv", in: folder)
      func description(_ labels: String, test: String? = nil, classes: [Int]? = nil) -> DataDescription {
        let inputs = ArrayReference(path: "x.csv")
        let files = DataFiles(
          inputs: inputs, labels: .array(ArrayReference(path: labels)), testInputs: test.map { _ in inputs },
          testLabels: test.map { ArrayReference(path: $0) })
        return DataDescription(.files(files), classes: classes, targets: .oneHot)
      }
      func problem(_ description: DataDescription) throws -> String {
        try #require(throws: DataError.self) { try DataSet<Double>.load(description, relativeTo: folder) }.description
      }
      #expect(
        try problem(description("y.csv"))
          == "y.csv: the label of sample 2, counted from 0, is -1, one of 4 labels; number the classes from 0, or list those that "
          + "are meant, as in data.classes: [0, 1, 2].")
      #expect(
        try problem(description("good.csv", test: "test.csv"))
          == "test.csv: test sample 2, counted from 0, has the label 5, which no training sample has; correct it, or leave such "
          + "samples out with data.classes: [0, 1, 2].")
      // Both remedies help, and who lists a negative label means it.
      for classes in [[0, 1, 2], [-1, 0, 1, 2]] {
        let data = try DataSet<Double>.load(description("y.csv", classes: classes), relativeTo: folder)
        #expect(data.classes == classes && data.train.count == classes.count)
      }
      let data = try DataSet<Double>.load(
        description("good.csv", test: "test.csv", classes: [0, 1, 2]), relativeTo: folder)
      #expect(data.test.labels?.sorted() == [0, 1, 2])
    }
  }

  @Test func numbersBeyondThePrecision() throws {
    try withTemporaryFolder { folder in
      try write("1,2\n3,1e41\n", "large.csv", in: folder)
      try write("1,2\n", "small.csv", in: folder)
      func data(_ train: String, _ test: String, _ normalize: DataNormalization = .none) throws -> DataSet<Double> {
        let files = DataFiles(inputs: ArrayReference(path: train), testInputs: ArrayReference(path: test))
        return try .load(DataDescription(.files(files), normalize: normalize), relativeTo: folder)
      }
      func problem(_ data: DataSet<Double>) throws -> String {
        try #require(throws: DataError.self) { try data.requireRange(of: .float32) }.description
      }
      #expect(
        try problem(data("large.csv", "small.csv"))
          == "large.csv: feature 1 of sample 1, both counted from 0, is 1e+41 and exceeds float32 (3.4e38); set precision: float64, "
          + "or normalize the data.")
      #expect(try problem(data("small.csv", "large.csv")).hasPrefix("large.csv: feature 1 of test sample 1,"))
      try data("large.csv", "small.csv").requireRange(of: .float64)
      try data("large.csv", "small.csv", .sphere).requireRange(of: .float32)
    }
  }

  @Test func classesAndTargetsThatDoNotFit() throws {
    func problem(_ description: DataDescription) throws -> String {
      try #require(throws: DataError.self) { try DataSet<Double>.load(description) }.description
    }
    let digits = DataSource.named("digits")
    #expect(
      try problem(DataDescription(digits, classes: [1, 12]))
        == "digits: no training sample has the label 12; the labels are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9.")
    #expect(try problem(DataDescription(digits, classes: [1, 1])).contains("listed twice"))
    #expect(try problem(DataDescription(digits, classes: [])).contains("empty"))
    #expect(
      try problem(DataDescription(digits, targets: .plusMinusOne))
        == "digits: the targets 'plus-minus-one' need two classes, and there are 10; choose two, as in classes: [0, 1], or "
        + "targets: one-hot.")
    let drawn = DataSource.synthetic(SyntheticData(.gaussian, samples: 3, features: 2))
    #expect(try problem(DataDescription(drawn, classes: [0])).contains("no labels"))
  }
}
