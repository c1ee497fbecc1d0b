import Foundation
import OrreryFormats
import OrreryTensors

extension DataSet where Scalar == Double {
  /// Reads what a description asks for, in double precision.
  ///
  /// - Parameters:
  ///   - seed: the study's seed; it chooses samples and draws synthetic inputs.
  ///   - folder: what relative paths are relative to; the current folder if nil.
  /// - Throws: `DataError` or `FormatError`, both with a category and a sentence.
  public static func load(
    _ description: DataDescription, seed: UInt64 = 0, relativeTo folder: URL? = nil
  ) throws -> DataSet<Double> {
    try DataSet(description, seed: seed, relativeTo: folder) { $0.selectingRows($1).float64() }
  }
}

extension DataSet where Scalar == Float {
  /// Reads what a description asks for, in single precision: the same samples as in double precision.
  ///
  /// - Parameters:
  ///   - seed: the study's seed; it chooses samples and draws synthetic inputs.
  ///   - folder: what relative paths are relative to; the current folder if nil.
  /// - Throws: `DataError` or `FormatError`, both with a category and a sentence.
  public static func load(
    _ description: DataDescription, seed: UInt64 = 0, relativeTo folder: URL? = nil
  ) throws -> DataSet<Float> {
    try DataSet(description, seed: seed, relativeTo: folder) { array, places in
      try array.requireFinite(as: Float.self)
      return array.selectingRows(places).float32()
    }
  }
}

extension DataSet {
  /// The one implementation; `convert` takes some rows of an array and gives their numbers.
  @inline(__always)
  fileprivate init(
    _ description: DataDescription, seed: UInt64, relativeTo folder: URL?,
    convert: (NumericArray, [Int]) throws -> Tensor<Scalar>
  ) throws {
    let raw = try RawData.read(description, seed: seed, relativeTo: folder)
    let classes = try raw.classes(for: description)
    let places = try raw.choose(description, classes: classes, seed: seed)
    let testPool = raw.test ?? raw.train
    func matrix(_ array: NumericArray, _ places: [Int]) throws -> Matrix<Scalar> {
      Matrix(try convert(array, places).reshaped([places.count, array.rowCount]))
    }
    func part(_ inputs: Matrix<Scalar>, _ pool: RawData.Part, _ places: [Int]) throws -> Part {
      let labels = pool.labels.map { labels in places.map { labels[$0] } }
      let targets =
        try pool.nextSymbols.map { try matrix($0, places) }
        ?? labels.flatMap { description.targets.matrix(of: $0, classes: classes) as Matrix<Scalar>? }
      return Part(inputs: inputs, labels: labels, targets: targets, places: places)
    }
    var train = try matrix(raw.train.inputs, places.train)
    var test = try matrix(testPool.inputs, places.test)
    try description.normalize.apply(train: &train, test: &test, places: places, name: raw.name)
    try self.init(
      description: description, name: raw.name, train: part(train, raw.train, places.train),
      test: part(test, testPool, places.test), targetKind: raw.train.nextSymbols == nil ? .values : .classNumbers,
      sampleShape: raw.shape, classes: classes,
      classNames: classes.map { raw.className($0) }, source: raw.source, licence: raw.licence,
      digest: raw.digest(of: places, description: description))
  }
}

extension RawData {
  func className(_ label: Int) -> String {
    if let classNames, classNames.indices.contains(label) { return classNames[label] }
    return "\(label)"
  }

  /// The digest that ``DataSet/digest`` speaks of.
  func digest(of places: (train: [Int], test: [Int]), description: DataDescription) -> String {
    var hasher = Digest.Hasher()
    func add(_ text: String) { hasher.update(Array((text + "\n").utf8)) }
    add("orrery data 1")
    for (part, chosen) in [(train, places.train), (test ?? train, places.test)] {
      let inputs = part.inputs.selectingRows(chosen)
      add("\(inputs.elementType.rawValue) \(inputs.shape)")
      inputs.withStoredBytes { hasher.update($0) }
      part.nextSymbols?.selectingRows(chosen).withStoredBytes { hasher.update($0) }
      add("labels \(part.labels.map { labels in chosen.map { labels[$0] } } ?? [])")
    }
    add("classes \(description.classes ?? []) \(description.normalize.rawValue) \(description.targets.rawValue)")
    return hasher.finalize().hexadecimal
  }
}
