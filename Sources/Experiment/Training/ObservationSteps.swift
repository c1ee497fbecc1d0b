import Foundation

/// At which steps of training observables are taken: at 0 and at the end always, unless they are listed.
public enum ObservationSteps: Hashable, Codable, Sendable {
  /// 0, n, 2n, …
  case every(Int)
  /// About so many a decade: 0, 1, 2, 3, 5, 8, 13, 20, …
  case logarithmic(perDecade: Int)
  /// These, with the first and the last.
  case chosen([Int])
  /// Only these.
  case at([Int])

  /// The steps in order, of a training of `steps` steps.
  public func list(_ steps: Int) -> [Int] {
    if case .at(let chosen) = self { return Set(chosen).filter { (0...steps).contains($0) }.sorted() }
    var result = [0]
    switch self {
    case .every(let distance): result += stride(from: max(1, distance), to: steps, by: max(1, distance))
    case .logarithmic(let perDecade):
      var exponent = 0
      while true {
        let step = Int(pow(10, Double(exponent) / Double(max(1, perDecade))).rounded())
        guard step < steps else { break }
        if step > result.last! { result.append(step) }
        exponent += 1
      }
    case .chosen(let chosen): result += Set(chosen.filter { $0 > 0 && $0 < steps }).sorted()
    case .at: break
    }
    if steps > result.last! { result.append(steps) }
    return result
  }

  /// Finds listed steps that training does not have.
  ///
  /// - Throws: ``TrainingSetupError/noSuchStep(_:last:)``.
  public func validate(_ steps: Int) throws {
    guard case .at(let chosen) = self, let wrong = chosen.first(where: { !(0...steps).contains($0) }) else { return }
    throw TrainingSetupError.noSuchStep(wrong, last: steps)
  }

  /// About a hundred steps at equal distances.
  public static func usual(_ steps: Int) -> ObservationSteps { .every(max(1, steps / 100)) }
}
