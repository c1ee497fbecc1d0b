import OrreryFormats

extension RawData {
  /// The labels of the classes to use, in the order of the targets: those of the description, else all in rising order.
  ///
  /// - Throws: `DataError` when a class is listed twice or does not occur, or the targets do not go with their number.
  func classes(for description: DataDescription) throws -> [Int] {
    if train.nextSymbols != nil {
      guard description.classes == nil, description.targets == .none, description.normalize == .none else {
        throw DataError(
          .targets, name: name, "classes, targets or a normalization are chosen, and the data are a text",
          remedy: "leave them out: a text's targets are the numbers of the characters that follow.")
      }
      return Array((classNames ?? []).indices)
    }
    guard let labels = train.labels else {
      if description.classes != nil {
        throw DataError(
          .classes, name: name, "classes are chosen, and the data have no labels",
          remedy: "name the labels' file or column, or leave classes out.")
      }
      guard description.targets == .none else {
        throw DataError(
          .targets, name: name, "the targets '\(description.targets.rawValue)' need labels, and the data have none",
          remedy: "name the labels' file or column, or choose targets: none.")
      }
      return []
    }
    let present = Set(labels)
    let classes = description.classes ?? present.union(test?.labels ?? []).sorted()
    guard !classes.isEmpty else {
      throw DataError(.classes, name: name, "the list of classes is empty", remedy: "name some, or leave classes out.")
    }
    if let missing = classes.first(where: { !present.contains($0) }) {
      let names = present.sorted()
      let list = names.prefix(12).map(String.init).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
      // One that nobody has asked for comes from the test set.
      if description.classes == nil, let test, let place = test.labels?.firstIndex(of: missing) {
        throw DataError(
          .labels, name: test.labelsName ?? name,
          "test sample \(place), counted from 0, has the label \(missing), which no training sample has",
          remedy: "correct it, or leave such samples out with data.classes: [\(list)].")
      }
      throw DataError(
        .classes, name: name, "no training sample has the label \(missing)", remedy: "the labels are \(list).")
    }
    if description.classes == nil { try refuseNegative(classes) }
    if let twice = classes.first(where: { label in classes.count { $0 == label } > 1 }) {
      throw DataError(.classes, name: name, "the class \(twice) is listed twice", remedy: "list every class once.")
    }
    if description.targets == .plusMinusOne, classes.count != 2 {
      throw DataError(
        .targets, name: name, "the targets 'plus-minus-one' need two classes, and there are \(classes.count)",
        remedy: "choose two, as in classes: [0, 1], or targets: one-hot.")
    }
    return classes
  }

  /// −1 and 1 are two classes as good as 0 and 1; among more of them a negative label marks what has none, or is a slip.
  private func refuseNegative(_ classes: [Int]) throws {
    guard classes.count > 2, let negative = classes.first(where: { $0 < 0 }) else { return }
    for (part, what) in [(train, "sample"), (test ?? train, "test sample")] {
      guard let place = part.labels?.firstIndex(of: negative) else { continue }
      let others = classes.filter { $0 >= 0 }
      let list = others.prefix(12).map(String.init).joined(separator: ", ") + (others.count > 12 ? ", …" : "")
      throw DataError(
        .labels, name: part.labelsName ?? name,
        "the label of \(what) \(place), counted from 0, is \(negative), one of \(classes.count) labels",
        remedy: "number the classes from 0, or list those that are meant, as in data.classes: [\(list)].")
    }
  }

  /// The places of training and test samples in their pools.
  ///
  /// - Throws: `DataError` when there are not enough.
  func choose(_ description: DataDescription, classes: [Int], seed: UInt64) throws -> (train: [Int], test: [Int]) {
    for (what, number) in [("train", description.train), ("test", description.test)] {
      if let number, number < 0 {
        throw DataError(
          .tooFewSamples, name: name, "\(what) is \(number)",
          remedy: "ask for a number of samples that is not negative.")
      }
    }
    func pool(_ part: Part, _ number: Int) -> SampleChoice {
      SampleChoice(
        count: part.inputs.rows, labels: part.labels, classes: part.labels == nil ? nil : classes,
        rule: part.labels == nil ? .firstCome : description.choice, seed: seed, pool: number)
    }
    var trainPool = pool(train, 0)
    var testPool = test.map { pool($0, 1) }
    // Test samples go first, so that they are the same whatever the number of training samples.
    let testCount = description.test ?? testPool?.count ?? 0
    let available = testPool?.count ?? trainPool.count
    guard testCount <= available else { throw tooFew("test", testCount, available, description) }
    let trainAvailable = testPool == nil ? trainPool.count - testCount : trainPool.count
    let trainCount = description.train ?? trainAvailable
    guard trainCount <= trainAvailable else {
      throw tooFew("train", trainCount, trainAvailable, description, beside: testPool == nil ? testCount : 0)
    }
    guard trainCount >= 1 else {
      throw DataError(
        .tooFewSamples, name: name, "no training sample is left", remedy: "ask for fewer test samples.")
    }
    let testPlaces = testPool != nil ? testPool!.takeFirst(testCount) : trainPool.takeLast(testCount)
    return (trainPool.takeFirst(trainCount), testPlaces)
  }

  private func tooFew(
    _ what: String, _ asked: Int, _ available: Int, _ description: DataDescription, beside: Int = 0
  ) -> DataError {
    let scope = description.classes.map { " of the classes \($0)" } ?? ""
    let rest = beside > 0 ? " beside \(beside) for the test" : ""
    return DataError(
      .tooFewSamples, name: name,
      "\(what) asks for \(asked) samples, and there are \(available)\(scope)\(rest)", remedy: "ask for fewer.")
  }
}
