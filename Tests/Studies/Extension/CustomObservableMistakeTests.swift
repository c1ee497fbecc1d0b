import OrreryArchive
import OrreryExperiment
import OrreryNetworks
import OrreryReports
import OrreryStudies
import OrreryTensors
import OrreryTestSupport
import Testing

/// What an observable of a user's may return and be called, and what becomes of a run whose observable fails.
@Suite struct CustomObservableMistakeTests {
  private static func study(targets: TargetEncoding = .plusMinusOne) throws -> LoadedStudy {
    try LoadedStudy(
      Study(
        seed: 7, precision: .float64,
        network: Network(
          MultilayerPerceptron(widths: [6], activation: Activation(.tanh)),
          initialization: .uniform(LayerInitialization(weightVariance: 1.3, biasVariance: 0.1)), parametrization: .ntk),
        data: DataDescription(
          .named("digits"), classes: [0, 1], train: 10, test: 4, normalize: .sphere, targets: targets),
        optimizer: Optimizer(
          .gradientDescent(), learningRate: .value(0.1), batch: .full, steps: 2,
          loss: .meanSquaredError(reduction: .mean, half: true))))
  }

  private static func finding(_ observable: TrainingObservable) throws -> TrainingFinding {
    let study = try TrainingStudy(study(), TrainingRequest(observables: [observable], steps: .every(1)))
    return try withTemporaryFolder { try study.run(RunArchive.open($0)) }
  }

  private enum ShortDensity: Shaped {
    static let (key, kind) = ("short-density", ObservableRecord.Kind.density)
    static func shape(at step: Int) -> [Int] { [1, 5] }
  }
  private enum EmptyDensity: Shaped {
    static let (key, kind) = ("empty-density", ObservableRecord.Kind.density)
    static func shape(at step: Int) -> [Int] { [3, 0] }
  }
  private enum NumberList: Shaped {
    static let (key, kind) = ("number-list", ObservableRecord.Kind.list)
    static func shape(at step: Int) -> [Int] { step == 0 ? [] : [3] }
  }
  private enum GrowingList: Shaped {
    static let (key, kind) = ("growing-list", ObservableRecord.Kind.list)
    static func shape(at step: Int) -> [Int] { [step + 1] }
  }
  private enum FlatMatrix: Shaped {
    static let (key, kind) = ("flat-matrix", ObservableRecord.Kind.matrix)
    static func shape(at step: Int) -> [Int] { [4] }
  }
  private enum EmptyMatrix: Shaped {
    static let (key, kind) = ("empty-matrix", ObservableRecord.Kind.matrix)
    static func shape(at step: Int) -> [Int] { [0, 4] }
  }
  private enum NumberArray: Shaped {
    static let (key, kind) = ("number-array", ObservableRecord.Kind.number(isLogarithmic: false))
    static func shape(at step: Int) -> [Int] { [2] }
  }
  private enum GrowingArray: Shaped {
    static let (key, kind) = ("growing-array", ObservableRecord.Kind.array)
    static func shape(at step: Int) -> [Int] { [step + 1, 2] }
  }
  private enum RightDensity: Shaped {
    static let (key, kind) = ("right-density", ObservableRecord.Kind.density)
    static func shape(at step: Int) -> [Int] { [3, 5] }
  }
  private enum RightMatrix: Shaped {
    static let (key, kind) = ("right-matrix", ObservableRecord.Kind.matrix)
    static func shape(at step: Int) -> [Int] { [2, 3] }
  }

  @Test func shapesAreThoseOfTheirKind() throws {
    for (observable, words) in [
      (try TrainingObservable(ShortDensity.self), "as a density, of the shape [3, n] and has the shape [1, 5]"),
      (try TrainingObservable(EmptyDensity.self), "has the shape [3, 0]"),
      (try TrainingObservable(NumberList.self), "recorded as a list, of the shape [n] and has the shape []"),
      (try TrainingObservable(GrowingList.self), "has the shape [2] at step 1, and had [1] before"),
      (try TrainingObservable(FlatMatrix.self), "recorded as a matrix, of the shape [n, m] and has the shape [4]"),
      (try TrainingObservable(EmptyMatrix.self), "has the shape [0, 4]"),
      (try TrainingObservable(NumberArray.self), "recorded as a number and has the shape [2]"),
    ] {
      let error = #expect(throws: ObservableError.self) { try Self.finding(observable) }
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
    let shapes = [try TrainingObservable(RightDensity.self), try TrainingObservable(RightMatrix.self)]
    for observable in shapes { #expect(try !Self.finding(observable).page().sections.isEmpty) }
    #expect(try Self.finding(TrainingObservable(GrowingArray.self)).recorded.map(\.shape) == [[3, 2]])
  }

  private enum Borrowed: NetworkObservable {
    static let key = "mine"
    static let (title, meaning, method) = ("mine", "Mine.", "Mine.")
    static func records(_ setting: ObservableSetting) -> [ObservableRecord] { [ObservableRecord("loss", "loss")] }
    static func estimate(_ network: ObservedNetwork) throws -> [ObservedValue] { [ObservedValue("loss", 1)] }
  }
  private enum Prefixed: NetworkObservable {
    static let key = "tangent"
    static let (title, meaning, method) = ("mine", "Mine.", "Mine.")
    static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
      [ObservableRecord("tangent-kernel-trace", "trace")]
    }
    static func estimate(_ network: ObservedNetwork) throws -> [ObservedValue] { [] }
  }
  /// Of the same key as ``Prefixed``, and another observable.
  private enum Namesake: NetworkObservable {
    static let key = "tangent"
    static let (title, meaning, method) = ("mine", "Mine.", "Mine.")
    static func estimate(_ network: ObservedNetwork) throws -> [ObservedValue] { [] }
  }

  @Test func namesOfTheCatalogueAreTaken() throws {
    for (observable, words) in [
      (try TrainingObservable(Borrowed.self), "it records 'loss', which does not begin with its key"),
      (try TrainingObservable(Prefixed.self), "it records 'tangent-kernel-trace', as the catalogue does"),
    ] {
      let error = #expect(throws: ObservableError.self) {
        try TrainingStudy(Self.study(), TrainingRequest(observables: [observable]))
      }
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
    let (left, right) = (try TrainingObservable(Prefixed.self), try TrainingObservable(Namesake.self))
    #expect(left != right && !(left == right))
  }

  private enum Targets: NetworkObservable {
    static let key = "targets"
    static let (title, meaning, method) = ("targets", "Targets.", "Targets.")
    static func estimate(_ network: ObservedNetwork) throws -> [ObservedValue] {
      [ObservedValue(key, try network.trainTargets().tensor.elements.reduce(0) { $0 + $1 * $1 })]
    }
  }

  @Test func targetsAreThereOrRefused() throws {
    func measured(_ targets: TargetEncoding) throws -> TrainingFinding {
      let request = TrainingRequest(.measure, observables: [try .init(Targets.self)], steps: .at([0]))
      let study = try TrainingStudy(Self.study(targets: targets), request)
      return try withTemporaryFolder { try study.run(RunArchive.open($0)) }
    }
    #expect(try measured(.plusMinusOne).series.map(\.median) == [[10]])
    let error = #expect(throws: ObservableError.self) { try measured(.none) }
    #expect(error?.problem == "the data have no targets")
  }

  private struct Mishap: Error, CustomStringConvertible {
    var description: String { "The instrument fell." }
  }
  private enum Failing: NetworkObservable {
    static let key = "failing"
    static let (title, meaning, method) = ("failing", "Failing.", "Failing.")
    static func estimate(_ network: ObservedNetwork) throws -> [ObservedValue] { throw Mishap() }
  }

  @Test func errorsOfItsOwnEndTheRun() throws {
    let study = try TrainingStudy(Self.study(), TrainingRequest(observables: [try .init(Failing.self)]))
    try withTemporaryFolder { folder in
      let archive = try RunArchive.open(folder)
      #expect(throws: Mishap.self) { try study.run(archive) }
      let run = try #require(try archive.run(hash: study.identity.hash))
      #expect(run.state == .failed && run.message == "The instrument fell.")
    }
  }
}

/// A record of some kind, with a shape at each step.
private protocol Shaped: NetworkObservable {
  static var kind: ObservableRecord.Kind { get }
  static func shape(at step: Int) -> [Int]
}

extension Shaped {
  static var title: String { key }
  static var meaning: String { "Numbers." }
  static var method: String { "Counting." }
  static func records(_ setting: ObservableSetting) -> [ObservableRecord] { [ObservableRecord(key, key, kind)] }
  static func estimate(_ network: ObservedNetwork) throws -> [ObservedValue] {
    let shape = shape(at: network.step)
    return [ObservedValue(key, shape: shape, (0..<shape.reduce(1, *)).map { Double($0 + 1) })]
  }
}
