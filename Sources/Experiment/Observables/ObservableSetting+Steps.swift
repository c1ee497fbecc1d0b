import OrreryNetworks

extension ObservableSetting {
  /// - Throws: ``ObservableError`` where parameters are given and no step is taken: there is no earlier network to compare with.
  func requireBeginning(_ key: String) throws {
    guard isGiven, optimizer.length == 0 else { return }
    throw ObservableError(
      key, "a checkpoint does not say from where its network came", remedy: "measure it while the network is trained")
  }
}
