import Foundation
import OrreryFindings
import OrreryFormats

/// How far the training of some networks is: which are done, and where those stand that were at work.
///
/// What is saved of it (``RunProgress``) has a version. What an earlier version saved is read; what a later one did, or what is no such
/// progress, is left, and training begins anew.
struct TrainingProgress: Sendable {
  /// Where a network stands.
  struct Position: Sendable {
    var step: Int
    /// Parameters, the optimizer's state and what observables remember, by name.
    var tensors: [String: NumericArray]
  }

  let members: Range<Int>
  /// Of the networks that are not done.
  var positions: [Int: Position] = [:]
  private(set) var doneCount = 0
  private var isDone: [Bool]
  private var divergences: [Int: UpdateOutcome.Divergence] = [:]

  init(members: Range<Int>) {
    self.members = members
    isDone = Array(repeating: false, count: members.count)
  }

  /// The networks that are not done, in order.
  var remaining: [Int] {
    var result: [Int] = []
    result.reserveCapacity(members.count - doneCount)
    for member in members where !isDone[member - members.lowerBound] { result.append(member) }
    return result
  }

  /// Nil for a network that is not done.
  func end(_ member: Int) -> TrainingExperiment.End? {
    guard isDone[member - members.lowerBound] else { return nil }
    return divergences[member].map(TrainingExperiment.End.diverged) ?? .finished
  }

  mutating func finish(_ member: Int, _ end: TrainingExperiment.End) {
    positions[member] = nil
    if case .diverged(let divergence) = end { divergences[member] = divergence }
    guard !isDone[member - members.lowerBound] else { return }
    isDone[member - members.lowerBound] = true
    doneCount += 1
  }

  // MARK: Saving

  private struct Mark: Codable {
    static let version = 2
    var version = Self.version
    /// Begin and end of each run of networks that are done, one behind the other: short for many.
    var done: [Int]
    var divergences: [Int: UpdateOutcome.Divergence]
    /// The steps of those at work, whose tensors have the member's number and a dot before their names.
    var steps: [Int: Int]
  }

  /// Without a version: of a single network its step and tensors are the progress's own.
  private struct FirstMark: Codable {
    var ends: [Int: TrainingExperiment.End] = [:]
  }

  func saved() throws -> RunProgress {
    var done: [Int] = []
    for (place, member) in zip(isDone.indices, members) where isDone[place] {
      if done.last == member { done[done.count - 1] += 1 } else { done += [member, member + 1] }
    }
    let mark = Mark(done: done, divergences: divergences, steps: positions.mapValues(\.step))
    var tensors: [String: NumericArray] = [:]
    for (member, position) in positions {
      for (name, array) in position.tensors { tensors["\(member).\(name)"] = array }
    }
    // The step is what lists of runs show of a single network.
    let step = members.count == 1 ? positions[members.lowerBound]?.step ?? 0 : 0
    return RunProgress(step: step, mark: Array(try JSONEncoder().encode(mark)), tensors: tensors)
  }

  init(_ saved: RunProgress?, members: Range<Int>) {
    self.init(members: members)
    guard let saved else { return }
    let data = Data(saved.mark)
    if let mark = try? JSONDecoder().decode(Mark.self, from: data) {
      guard mark.version == Mark.version else { return }
      for place in stride(from: 0, to: mark.done.count - 1, by: 2) where mark.done[place] < mark.done[place + 1] {
        for member in (mark.done[place]..<mark.done[place + 1]).clamped(to: members) {
          finish(member, mark.divergences[member].map(TrainingExperiment.End.diverged) ?? .finished)
        }
      }
      for (member, step) in mark.steps where members.contains(member) && end(member) == nil {
        let prefix = "\(member)."
        let own = saved.tensors.filter { $0.key.hasPrefix(prefix) }
        positions[member] = Position(
          step: step,
          tensors: Dictionary(uniqueKeysWithValues: own.map { (String($0.key.dropFirst(prefix.count)), $0.value) }))
      }
    } else if let mark = data.isEmpty ? FirstMark() : try? JSONDecoder().decode(FirstMark.self, from: data) {
      for (member, end) in mark.ends where members.contains(member) { finish(member, end) }
      if members.count == 1, doneCount == 0, !saved.tensors.isEmpty {
        positions[members.lowerBound] = Position(step: saved.step, tensors: saved.tensors)
      }
    }
  }
}
